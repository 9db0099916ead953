using System;
using Simulator.Platform;

namespace Simulator.Engine.Disk;

/// <summary>An open file of a simulated disk.</summary>
internal sealed class SimFile(SimDisk disk, string path, SimInode inode) : IFile
{
    private bool _closed;

    public string Path => path;

    public long Length => inode.Content.Length;

    internal SimInode Inode => inode;

    public LoopTask<int> Read(long position, Memory<byte> buffer) => disk.Read(this, position, buffer);

    public LoopTask Write(long position, ReadOnlyMemory<byte> data) => disk.Write(this, position, data);

    public LoopTask Sync() => disk.Sync(this);

    public LoopTask SetLength(long length) => disk.SetLength(this, length);

    public void Close()
    {
        _closed = true;
        disk.Release(this);
    }

    internal void AssertOpen()
    {
        if (_closed) throw new DiskException(DiskError.Closed, $"{path} has been closed.");
    }
}
