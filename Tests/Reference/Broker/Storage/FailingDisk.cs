using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Tests.Reference.Broker.Storage;

/// <summary>A disk of which single operations fail: <see cref="Fails"/> is asked with "write", "sync" or "read" and the path.</summary>
internal sealed class FailingDisk(IDisk inner) : IDisk
{
    public Func<string, string, DiskError?> Fails { get; set; } = (_, _) => null;

    /// <summary>Hears of the bytes of each read and write when it begins.</summary>
    public Action<int> Moves { get; set; } = _ => { };

    /// <summary>Files that may not be opened, as those without the right to write.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>Every successful fsync's path, in order.</summary>
    public List<string> Synced { get; } = [];

    /// <summary>The same process on this disk.</summary>
    public static (Node Node, FailingDisk Disk) Under(Node node)
    {
        var disk = new FailingDisk(node.Disk);
        return (new Node(node.Name, node.Loop, node.Clock, node.Network, disk, node.Random, node.Logs, new NoBuggify()), disk);
    }

    public async LoopTask<IFile> Open(string path, OpenMode mode)
    {
        if (Refuses(path)) throw new DiskException(DiskError.AccessDenied, $"{path} may not be opened.");
        return new FailingFile(this, await inner.Open(path, mode));
    }

    public LoopTask<bool> Exists(string path) => inner.Exists(path);

    public LoopTask<IReadOnlyList<string>> List(string directory) => inner.List(directory);

    public LoopTask CreateDirectory(string path) => inner.CreateDirectory(path);

    public LoopTask Rename(string from, string to) => inner.Rename(from, to);

    public LoopTask Delete(string path) => inner.Delete(path);

    public LoopTask SyncDirectory(string path) => inner.SyncDirectory(path);

    public LoopTask<long> FreeBytes() => inner.FreeBytes();

    private void MayFail(string operation, string path)
    {
        if (Fails(operation, path) is { } error) throw new DiskException(error, $"{operation} of {path} failed.");
    }

    private sealed class FailingFile(FailingDisk disk, IFile inner) : IFile
    {
        public string Path => inner.Path;

        public long Length => inner.Length;

        public async LoopTask<int> Read(long position, Memory<byte> buffer)
        {
            disk.MayFail("read", Path);
            disk.Moves(buffer.Length);
            return await inner.Read(position, buffer);
        }

        public async LoopTask Write(long position, ReadOnlyMemory<byte> data)
        {
            try
            {
                disk.MayFail("write", Path);
            }
            catch (DiskException)
            {
                await inner.Write(position, data[..(data.Length / 2)]);
                throw;
            }

            disk.Moves(data.Length);
            await inner.Write(position, data);
        }

        public async LoopTask Sync()
        {
            disk.MayFail("sync", Path);
            await inner.Sync();
            disk.Synced.Add(Path);
        }

        public LoopTask SetLength(long length) => inner.SetLength(length);

        public void Close() => inner.Close();
    }
}
