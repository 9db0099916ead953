using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>A file of the machine. Reads and writes go to the page cache at once, on the loop; a sync waits on the disk's thread.</summary>
public sealed class HostFile : IFile
{
    private readonly HostDisk _disk;
    private readonly IoThread _thread;
    private bool _closed;

    internal HostFile(HostDisk disk, IoThread thread, string path, SafeFileHandle handle)
    {
        _disk = disk;
        _thread = thread;
        Path = path;
        Handle = handle;
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public long Length
    {
        get
        {
            if (_closed) throw ClosedError();
            return RandomAccess.GetLength(Handle);
        }
    }

    internal SafeFileHandle Handle { get; }

    /// <inheritdoc/>
    public LoopTask<int> Read(long position, Memory<byte> buffer)
    {
        if (_closed) return LoopTask.FromException<int>(ClosedError());
        try
        {
            return LoopTask.FromResult(RandomAccess.Read(Handle, buffer.Span, position));
        }
        catch (Exception e) when (e is not ArgumentException)
        {
            return LoopTask.FromException<int>(DiskErrors.Map(e, Path));
        }
    }

    /// <inheritdoc/>
    public LoopTask Write(long position, ReadOnlyMemory<byte> data)
    {
        if (_closed) return LoopTask.FromException(ClosedError());
        try
        {
            RandomAccess.Write(Handle, data.Span, position);
            return LoopTask.Completed;
        }
        catch (Exception e) when (e is not ArgumentException)
        {
            return LoopTask.FromException(DiskErrors.Map(e, Path));
        }
    }

    /// <inheritdoc/>
    public LoopTask Sync()
    {
        if (_closed) return LoopTask.FromException(ClosedError());
        return _thread.Run(Path, () =>
        {
            var error = Native.SyncFile(Handle);
            return error == 0 ? default(Nothing) : throw DiskErrors.FromErrno(error, Path, "sync");
        }).AsVoid();
    }

    /// <inheritdoc/>
    public LoopTask SetLength(long length)
    {
        if (_closed) return LoopTask.FromException(ClosedError());
        try
        {
            RandomAccess.SetLength(Handle, length);
            return LoopTask.Completed;
        }
        catch (Exception e) when (e is not ArgumentException)
        {
            return LoopTask.FromException(DiskErrors.Map(e, Path));
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (_closed) return;
        _closed = true;
        Handle.Dispose();
        _disk.Forget(this);
    }

    private DiskException ClosedError() => new(DiskError.Closed, $"The file {Path} has been closed.");
}
