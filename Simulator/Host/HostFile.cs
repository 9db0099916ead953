using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>
/// A file of the machine. Reads and writes go to the page cache at once, on the loop, which after every so many bytes takes a turn before
/// it tells that they are done: other work goes on while one walks through a large file. A sync waits on the disk's thread.
/// </summary>
public sealed class HostFile : IFile
{
    private readonly HostDisk _disk;
    private readonly HostLoop _loop;
    private readonly IoThread _thread;
    private bool _closed;

    internal HostFile(HostDisk disk, HostLoop loop, IoThread thread, string path, SafeFileHandle handle)
    {
        _disk = disk;
        _loop = loop;
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
            var count = RandomAccess.Read(Handle, buffer.Span, position);
            return _loop.MayCompleteInline(count) ? LoopTask.FromResult(count) : new LaterResult(_loop, count).Begin();
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
            return _loop.MayCompleteInline(data.Length) ? LoopTask.Completed : new LaterResult(_loop, data.Length).Begin().AsVoid();
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

    /// <summary>Tells by a turn of the loop what has been done.</summary>
    private sealed class LaterResult : LoopOperation<int>
    {
        private readonly HostLoop _loop;
        private readonly int _count;

        public LaterResult(HostLoop loop, int count)
        {
            _loop = loop;
            _count = count;
            Owner = loop.Loop;
        }

        public LoopTask<int> Begin()
        {
            _loop.Post(this);
            return Task;
        }

        protected override void Fire() => Complete(_count);
    }
}
