using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;

namespace Simulator.Platform.Services;

/// <summary>
/// The node's disk with plain tasks; its guarantees, and what it does not guarantee, are those of <see cref="IDisk"/>. Failures are
/// <see cref="IOException"/>s (<see cref="FileNotFoundException"/> where nothing is) with a <see cref="DiskException"/> inside.
/// </summary>
public sealed class NodeDisk
{
    private readonly IDisk _disk;

    internal NodeDisk(IDisk disk) => _disk = disk;

    /// <summary>Opens a file for reading and writing.</summary>
    /// <exception cref="IOException">It is not there, exists already, or the disk failed.</exception>
    public async Task<NodeFile> OpenAsync(string path, OpenMode mode = OpenMode.OpenOrCreate) =>
        new(await BclErrors.Translate(_disk.Open(path, mode)).ConfigureAwait(false));

    /// <summary>True if a file or directory of that name exists.</summary>
    public Task<bool> ExistsAsync(string path) => BclErrors.Translate(_disk.Exists(path));

    /// <summary>The names in a directory in ordinal order.</summary>
    public Task<IReadOnlyList<string>> ListAsync(string directory) => BclErrors.Translate(_disk.List(directory));

    /// <summary>The whole content of a small file.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public Task<byte[]> ReadAllBytesAsync(string path) => BclErrors.Translate(_disk.ReadAllBytes(path));

    /// <summary>Replaces a small file whole or not at all, durably once it has ended.</summary>
    public Task WriteAtomicallyAsync(string path, ReadOnlyMemory<byte> content) => BclErrors.Translate(_disk.WriteAtomically(path, content));

    /// <summary>Makes a directory and its parents.</summary>
    public Task CreateDirectoryAsync(string path) => BclErrors.Translate(_disk.CreateDirectory(path));

    /// <summary>Renames, replacing what has the new name; durable after <see cref="SyncDirectoryAsync"/>.</summary>
    public Task RenameAsync(string from, string to) => BclErrors.Translate(_disk.Rename(from, to));

    /// <summary>Deletes; durable after <see cref="SyncDirectoryAsync"/>.</summary>
    public Task DeleteAsync(string path) => BclErrors.Translate(_disk.Delete(path));

    /// <summary>Makes the names in a directory durable.</summary>
    public Task SyncDirectoryAsync(string path) => BclErrors.Translate(_disk.SyncDirectory(path));
}

/// <summary>An open file with plain tasks; reads and writes are positional.</summary>
public sealed class NodeFile : IDisposable
{
    private readonly IFile _file;

    internal NodeFile(IFile file) => _file = file;

    /// <summary>Its present length in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>Reads until the buffer is full or the file ends; gives the number of bytes read.</summary>
    public Task<int> ReadAsync(long position, Memory<byte> buffer) => BclErrors.Translate(_file.ReadFully(position, buffer));

    /// <summary>Writes all bytes; durable after <see cref="SyncAsync"/>.</summary>
    public Task WriteAsync(long position, ReadOnlyMemory<byte> data) => BclErrors.Translate(_file.Write(position, data));

    /// <summary>Makes content and length durable. After a failure do not retry, recover.</summary>
    public Task SyncAsync() => BclErrors.Translate(_file.Sync());

    /// <summary>Cuts or extends (with zeros) the file.</summary>
    public Task SetLengthAsync(long length) => BclErrors.Translate(_file.SetLength(length));

    /// <summary>Closes the handle; does not sync.</summary>
    public void Dispose() => _file.Close();
}
