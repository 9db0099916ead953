using System;
using System.Collections.Generic;

namespace Simulator.Platform;

/// <summary>How <see cref="IDisk.Open"/> treats a file that is or is not there.</summary>
public enum OpenMode
{
    /// <summary>Open it, or make it empty.</summary>
    OpenOrCreate,

    /// <summary>It must be there.</summary>
    OpenExisting,

    /// <summary>It must not be there.</summary>
    CreateNew,
}

/// <summary>
/// A node's file system with the guarantees of POSIX and no more: what was written can be read back at once, but survives a
/// power loss only after <see cref="IFile.Sync"/>; a new, renamed or deleted name survives only after <see cref="SyncDirectory"/>
/// of its directory. A process crash loses nothing that was written. Paths use '/'.
/// </summary>
public interface IDisk
{
    /// <summary>Opens a file for reading and writing. Its directory must exist.</summary>
    /// <exception cref="DiskException">NotFound, AlreadyExists, Io, NoSpace.</exception>
    LoopTask<IFile> Open(string path, OpenMode mode);

    /// <summary>True if a file or directory of that name exists.</summary>
    LoopTask<bool> Exists(string path);

    /// <summary>The names (not paths) in a directory, in ordinal order.</summary>
    /// <exception cref="DiskException">NotFound, Io.</exception>
    LoopTask<IReadOnlyList<string>> List(string directory);

    /// <summary>Makes a directory and its parents; nothing happens if it exists.</summary>
    LoopTask CreateDirectory(string path);

    /// <summary>Renames a file or directory, atomically replacing a file of the new name.</summary>
    /// <exception cref="DiskException">NotFound, Io.</exception>
    LoopTask Rename(string from, string to);

    /// <summary>Deletes a file, or a directory with all it holds; nothing happens if it is not there.</summary>
    LoopTask Delete(string path);

    /// <summary>Makes the names in a directory durable.</summary>
    LoopTask SyncDirectory(string path);

    /// <summary>Bytes still free.</summary>
    LoopTask<long> FreeBytes();
}

/// <summary>An open file. Reads and writes are positional; concurrent ones may take effect in any order.</summary>
public interface IFile
{
    /// <summary>Its path when opened.</summary>
    string Path { get; }

    /// <summary>Its present length in bytes, unsynced bytes included.</summary>
    long Length { get; }

    /// <summary>Reads up to the buffer's length; fewer bytes, even inside the file, are possible (short read); 0 only at the end.</summary>
    /// <exception cref="DiskException">Io, Closed.</exception>
    LoopTask<int> Read(long position, Memory<byte> buffer);

    /// <summary>Writes all bytes, growing the file if needed. After a failure any prefix may have been written.</summary>
    /// <exception cref="DiskException">Io, NoSpace, Closed.</exception>
    LoopTask Write(long position, ReadOnlyMemory<byte> data);

    /// <summary>Makes content and length durable. After a failure the unsynced bytes may be lost though they can still be read: do not retry, recover.</summary>
    /// <exception cref="DiskException">Io, Closed.</exception>
    LoopTask Sync();

    /// <summary>Cuts or extends (with zeros) the file.</summary>
    LoopTask SetLength(long length);

    /// <summary>Closes the handle; does not sync.</summary>
    void Close();
}

/// <summary>What went wrong on a disk.</summary>
public enum DiskError
{
    /// <summary>The device failed (EIO).</summary>
    Io,

    /// <summary>The disk is full (ENOSPC).</summary>
    NoSpace,

    /// <summary>No such file or directory.</summary>
    NotFound,

    /// <summary>The file exists already.</summary>
    AlreadyExists,

    /// <summary>The handle is closed.</summary>
    Closed,

    /// <summary>Not permitted, or the file system is read-only.</summary>
    AccessDenied,
}

/// <summary>A disk operation failed.</summary>
public sealed class DiskException(DiskError error, string message) : Exception(message)
{
    /// <summary>What went wrong.</summary>
    public DiskError Error { get; } = error;
}
