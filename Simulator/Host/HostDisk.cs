using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>
/// The machine's file system. Relative paths stand under a root directory, absolute ones for themselves. What only touches the
/// page cache and the directory tree is done at once on the loop; what waits for the device runs on the disk's own thread.
/// </summary>
public sealed class HostDisk : IDisk
{
    private readonly string _root;
    private readonly HostLoop _loop;
    private readonly IoThread _thread;
    private readonly HashSet<HostFile> _open = [];
    private bool _closed;

    /// <summary>A disk whose relative paths stand under <paramref name="root"/>.</summary>
    public HostDisk(HostLoop loop, string root)
    {
        _root = Path.GetFullPath(root);
        _loop = loop;
        _thread = new IoThread(loop);
    }

    /// <inheritdoc/>
    public LoopTask<IFile> Open(string path, OpenMode mode) => Inline<IFile>(path, () =>
    {
        if (_closed) throw new DiskException(DiskError.Closed, $"The disk has been closed; {path} is not opened.");
        var how = mode switch
        {
            OpenMode.OpenOrCreate or OpenMode.Exclusive => FileMode.OpenOrCreate,
            OpenMode.OpenExisting => FileMode.Open,
            OpenMode.CreateNew => FileMode.CreateNew,
            _ => throw new ArgumentOutOfRangeException(nameof(mode)),
        };
        var share = mode == OpenMode.Exclusive ? FileShare.None : FileShare.ReadWrite | FileShare.Delete; // None: flock on Unix
        var handle = File.OpenHandle(Resolve(path), how, FileAccess.ReadWrite, share);
        var file = new HostFile(this, _loop, _thread, path, handle);
        _open.Add(file);
        return file;
    });

    /// <inheritdoc/>
    public LoopTask<bool> Exists(string path) => Inline(path, () => Path.Exists(Resolve(path)));

    /// <inheritdoc/>
    public LoopTask<IReadOnlyList<string>> List(string directory) => Inline<IReadOnlyList<string>>(directory, () =>
    {
        var names = Directory.EnumerateFileSystemEntries(Resolve(directory)).Select(entry => Path.GetFileName(entry)).ToList();
        names.Sort(StringComparer.Ordinal);
        return names;
    });

    /// <inheritdoc/>
    public LoopTask CreateDirectory(string path) => Inline(path, () =>
    {
        if (File.Exists(Resolve(path))) throw new DiskException(DiskError.AlreadyExists, $"{path} is a file, where a directory is needed.");
        return Directory.CreateDirectory(Resolve(path));
    }).AsVoid();

    /// <inheritdoc/>
    public LoopTask Rename(string from, string to) => Inline(from, () =>
    {
        var source = Resolve(from);
        var target = Resolve(to);
        if (Directory.Exists(source)) Directory.Move(source, target);
        else File.Move(source, target, overwrite: true);
        return default(Nothing);
    }).AsVoid();

    /// <inheritdoc/>
    public LoopTask Delete(string path) => _thread.Run(path, () =>
    {
        var full = Resolve(path);
        if (Directory.Exists(full)) Directory.Delete(full, recursive: true);
        else if (Directory.Exists(Path.GetDirectoryName(full))) File.Delete(full);
        return default(Nothing);
    }).AsVoid();

    /// <inheritdoc/>
    public LoopTask SyncDirectory(string path) => _thread.Run(path, () =>
    {
        var error = Native.SyncDirectory(Resolve(path));
        return error == 0 ? default(Nothing) : throw DiskErrors.FromErrno(error, path, "sync the directory");
    }).AsVoid();

    /// <inheritdoc/>
    public LoopTask<long> FreeBytes() => _thread.Run(_root, () => new DriveInfo(_root).AvailableFreeSpace);

    /// <summary>Makes the root directory of a disk, with a clear error where that is not possible.</summary>
    internal static void MakeRoot(string root)
    {
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception e)
        {
            throw DiskErrors.Map(e, root);
        }
    }

    /// <summary>Closes all files, and the disk's thread after what it still has to do.</summary>
    internal void CloseAll()
    {
        _closed = true;
        foreach (var file in _open.ToArray()) file.Close();
        _thread.Stop();
    }

    /// <summary>Ends when the disk's thread has ended after <see cref="CloseAll"/>.</summary>
    internal Task Completion => _thread.Completion;

    internal void Forget(HostFile file) => _open.Remove(file);

    private string Resolve(string path) => Path.Combine(_root, path);

    private static LoopTask<T> Inline<T>(string path, Func<T> work)
    {
        try
        {
            return LoopTask.FromResult(work());
        }
        catch (Exception e)
        {
            return LoopTask.FromException<T>(DiskErrors.Map(e, path));
        }
    }
}
