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

    /// <summary>
    /// Open it, or make it empty, and hold it: until the handle is closed or its process has ended, nobody else can hold it, in this or
    /// another process of the machine. A lock file: it is not said what the other modes find meanwhile.
    /// </summary>
    Exclusive,
}

/// <summary>
/// A node's file system with the guarantees of POSIX and no more: what was written can be read back at once, but survives a
/// power loss only after <see cref="IFile.Sync"/>; a new, renamed or deleted name survives only after <see cref="SyncDirectory"/>
/// of its directory. A process crash loses nothing that was written. Paths use '/'; each name in them has at most 255 bytes of UTF-8, or
/// whatever would make, list, sync or delete it fails with <see cref="DiskError.NameTooLong"/>, and so does a rename to it.
/// </summary>
/// <remarks>
/// What a program must reckon with, and no more:
/// <list type="bullet">
/// <item>A power loss takes any of the blocks that were not synced, in any order, and parts of them; it takes any names that were
/// made, deleted or renamed without a sync of their directory. It takes nothing that was synced and not touched since.</item>
/// <item>Any operation may take long, and any may fail with <see cref="DiskError.Io"/>. A failed read has changed nothing; of a failed
/// write any prefix may stand in the file; after a failed sync what it was to make durable is lost, though reads may still show it and
/// the next sync ends well.</item>
/// <item>A write that makes a file grow may fail with <see cref="DiskError.NoSpace"/> after any prefix.</item>
/// <item>A read may give fewer bytes than asked for. A write may reach the file in steps: a crash, or another reader, finds the first of
/// them.</item>
/// <item>Devices lie: a sync may end well without having made anything durable, a write may land elsewhere, bytes may rot, a disk may
/// come back empty. Nothing tells of it but the bytes themselves: checksums, and other copies.</item>
/// </list>
/// </remarks>
public interface IDisk
{
    /// <summary>Opens a file for reading and writing. Its directory must exist.</summary>
    /// <exception cref="DiskException">NotFound, AlreadyExists, Locked, Io, NoSpace.</exception>
    LoopTask<IFile> Open(string path, OpenMode mode);

    /// <summary>True if a file or directory of that name exists.</summary>
    /// <exception cref="DiskException">Io.</exception>
    LoopTask<bool> Exists(string path);

    /// <summary>The names (not paths) in a directory, in ordinal order.</summary>
    /// <exception cref="DiskException">NotFound (also of what is no directory), Io.</exception>
    LoopTask<IReadOnlyList<string>> List(string directory);

    /// <summary>Makes a directory and its parents; nothing happens if it exists.</summary>
    /// <exception cref="DiskException">AlreadyExists (a file of that name), Io, NoSpace.</exception>
    LoopTask CreateDirectory(string path);

    /// <summary>
    /// Renames a file or directory, atomically replacing a file of the new name. Until its directory is synced a power loss may take the
    /// rename back whole (inside one directory), or either half of it (between two).
    /// </summary>
    /// <exception cref="DiskException">NotFound, AlreadyExists (a directory that is not empty), Io.</exception>
    LoopTask Rename(string from, string to);

    /// <summary>Deletes a file, or a directory with all it holds; nothing happens if it is not there. Until its directory is synced a power loss may bring it back.</summary>
    /// <exception cref="DiskException">Io.</exception>
    LoopTask Delete(string path);

    /// <summary>Makes the names in a directory durable. After a failure they may be lost: do not retry, recover.</summary>
    /// <exception cref="DiskException">NotFound, Io.</exception>
    LoopTask SyncDirectory(string path);

    /// <summary>Bytes still free; others may take them meanwhile.</summary>
    /// <exception cref="DiskException">Io.</exception>
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

    /// <summary>Writes all bytes, growing the file if needed. After a failure, and after a crash before it has ended, any prefix may have been written.</summary>
    /// <exception cref="DiskException">Io, NoSpace, Closed.</exception>
    LoopTask Write(long position, ReadOnlyMemory<byte> data);

    /// <summary>Makes content and length durable. After a failure the unsynced bytes may be lost though they can still be read: do not retry, recover.</summary>
    /// <exception cref="DiskException">Io, Closed.</exception>
    LoopTask Sync();

    /// <summary>Cuts or extends (with zeros) the file. Until it is synced a power loss may take that back.</summary>
    /// <exception cref="DiskException">Io, NoSpace, Closed.</exception>
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

    /// <summary>Another process, or another part of this one, holds the file (<see cref="OpenMode.Exclusive"/>).</summary>
    Locked,

    /// <summary>A name in the path has more than 255 bytes (ENAMETOOLONG).</summary>
    NameTooLong,
}

/// <summary>A disk operation failed.</summary>
public sealed class DiskException(DiskError error, string message) : Exception(message)
{
    /// <summary>What went wrong.</summary>
    public DiskError Error { get; } = error;
}
