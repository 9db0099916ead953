using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;

namespace Simulator.Engine.Disk;

/// <summary>
/// A simulated disk with a page cache. A process crash keeps all that was written; a power loss keeps what was synced and, of the
/// rest, what writeback happened to have done. Operations take effect when they end, not when they are asked for.
/// </summary>
public sealed class SimDisk : IDisk
{
    private readonly SimWorld _world;
    private readonly SimMachine _machine;
    private readonly RandomStream _latency;
    private readonly RandomStream _powerLoss;
    private readonly SimDirectory _root = new();
    private readonly RandomStream _processDeath;
    private readonly List<PendingWrite> _writing = [];
    private long _usedBytes;

    internal SimDisk(SimWorld world, SimMachine machine)
    {
        _world = world;
        _machine = machine;
        _latency = world.Random($"{machine.Name}/disk/latency");
        _powerLoss = world.Random($"{machine.Name}/disk/power-loss");
        _processDeath = world.Random($"{machine.Name}/disk/process-death");
    }

    /// <summary>All latencies are multiplied by this; 1 for a healthy disk.</summary>
    public int SlowFactor { get; set; } = 1;

    /// <summary>Nothing ends before this instant of virtual time, in microseconds: a stalled device.</summary>
    public long StalledUntilMicros { get; set; }

    /// <summary>Bytes in files.</summary>
    public long UsedBytes => _usedBytes;

    /// <inheritdoc/>
    public async LoopTask<IFile> Open(string path, OpenMode mode)
    {
        await Wait(_world.Options.DiskLatency);
        var (directory, name) = Locate(path);
        var entry = directory.Find(name);
        if (entry is SimDirectory) throw new DiskException(DiskError.AlreadyExists, $"{path} is a directory.");
        if (entry is null)
        {
            if (mode == OpenMode.OpenExisting) throw NotFound(path);
            entry = new SimInode();
            directory.Set(name, entry);
        }
        else if (mode == OpenMode.CreateNew)
        {
            throw new DiskException(DiskError.AlreadyExists, $"{path} exists already.");
        }

        return new SimFile(this, path, (SimInode)entry);
    }

    /// <inheritdoc/>
    public async LoopTask<bool> Exists(string path)
    {
        await Wait(_world.Options.DiskLatency);
        return Resolve(path) is not null;
    }

    /// <inheritdoc/>
    public async LoopTask<IReadOnlyList<string>> List(string directory)
    {
        await Wait(_world.Options.DiskLatency);
        return Directory(directory).Entries.Keys.ToArray();
    }

    /// <inheritdoc/>
    public async LoopTask CreateDirectory(string path)
    {
        await Wait(_world.Options.DiskLatency);
        var current = _root;
        foreach (var part in Parts(path))
        {
            var next = current.Find(part);
            if (next is SimInode) throw new DiskException(DiskError.AlreadyExists, $"{path}: '{part}' is a file.");
            if (next is null)
            {
                next = new SimDirectory();
                current.Set(part, next);
            }

            current = (SimDirectory)next;
        }
    }

    /// <inheritdoc/>
    public async LoopTask Rename(string from, string to)
    {
        await Wait(_world.Options.DiskLatency);
        var (source, oldName) = Locate(from);
        var (target, newName) = Locate(to);
        var entry = source.Find(oldName) ?? throw NotFound(from);
        if (target.Find(newName) is SimDirectory { Entries.Count: > 0 }) throw new DiskException(DiskError.AlreadyExists, $"{to} is a directory that is not empty.");
        if (target.Find(newName) is SimInode replaced) _usedBytes -= replaced.Content.Length;
        if (source == target)
        {
            source.Rename(oldName, newName);
        }
        else
        {
            target.Set(newName, entry);
            source.Set(oldName, null);
        }
    }

    /// <inheritdoc/>
    public async LoopTask Delete(string path)
    {
        await Wait(_world.Options.DiskLatency);
        if (Resolve(path) is not { } entry) return;
        var (directory, name) = Locate(path);
        _usedBytes -= entry is SimDirectory tree ? tree.Bytes() : ((SimInode)entry).Content.Length;
        directory.Set(name, null);
    }

    /// <inheritdoc/>
    public async LoopTask SyncDirectory(string path)
    {
        var directory = Resolve(path) as SimDirectory;
        var syncPoint = directory?.SyncPoint ?? 0;
        await Wait(_world.Options.SyncLatency);
        var found = Directory(path);
        if (found == directory) found.MarkSynced(syncPoint);
    }

    /// <inheritdoc/>
    public async LoopTask<long> FreeBytes()
    {
        await Wait(_world.Options.DiskLatency);
        return _world.Options.DiskBytes - _usedBytes;
    }

    /// <summary>What a file reads back as now, for checkers; empty if there is no such file. Costs no virtual time.</summary>
    public ReadOnlySpan<byte> Peek(string path) => Resolve(path) is SimInode file ? file.Content.Span : default;

    /// <summary>The names in a directory now, for checkers; empty if there is no such directory.</summary>
    public IReadOnlyCollection<string> PeekNames(string directory) =>
        Resolve(directory) is SimDirectory found ? [.. found.Entries.Keys] : [];

    /// <summary>
    /// The process died with writes under way: the kernel may not have begun one, may have done a part of it, or all. Nobody
    /// learns of it but whoever reads the file next.
    /// </summary>
    internal void AbandonWrites()
    {
        foreach (var (file, position, data) in _writing)
        {
            var done = _processDeath.Next(3) switch { 0 => 0, 1 => data.Length, _ => _processDeath.Next(data.Length + 1) };
            if (done > 0) Apply(file.Inode, position, data.Span[..Math.Min(done, data.Length)]);
        }

        _writing.Clear();
    }

    internal void LosePower()
    {
        _root.LosePower(_powerLoss);
        _usedBytes = _root.Bytes();
    }

    internal async LoopTask<int> Read(SimFile file, long position, Memory<byte> buffer)
    {
        await Wait(_world.Options.DiskLatency);
        file.AssertOpen();
        var count = file.Inode.Content.Read(position, buffer.Span);
        if (count > 1 && _world.Buggify.Fires("disk/short-read")) count = 1 + _latency.Next(count - 1);
        return count;
    }

    internal async LoopTask Write(SimFile file, long position, ReadOnlyMemory<byte> data)
    {
        var pending = new PendingWrite(file, position, data);
        _writing.Add(pending);
        await Wait(_world.Options.DiskLatency);
        _writing.Remove(pending);
        file.AssertOpen();
        var growth = Math.Max(0, position + data.Length - file.Inode.Content.Length);
        if (_usedBytes + growth > _world.Options.DiskBytes) throw new DiskException(DiskError.NoSpace, $"No space left for {file.Path}.");
        Apply(file.Inode, position, data.Span);
    }

    internal async LoopTask Sync(SimFile file)
    {
        var syncPoint = file.Inode.SyncPoint;
        await Wait(_world.Options.SyncLatency);
        file.AssertOpen();
        file.Inode.MarkSynced(syncPoint);
    }

    internal async LoopTask SetLength(SimFile file, long length)
    {
        await Wait(_world.Options.DiskLatency);
        file.AssertOpen();
        _usedBytes += length - file.Inode.Content.Length;
        file.Inode.SetLength(length);
    }

    private void Apply(SimInode inode, long position, ReadOnlySpan<byte> data)
    {
        _world.Mix(data);
        _usedBytes += Math.Max(0, position + data.Length - inode.Content.Length);
        inode.Write(position, data);
    }

    private static string[] Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").ToArray();

    private static DiskException NotFound(string path) => new(DiskError.NotFound, $"{path} does not exist.");

    private LoopTask<Nothing> Wait(Range<TimeSpan> latency)
    {
        var micros = (long)_latency.NextSpan(latency.Min, latency.Max).TotalMicroseconds * SlowFactor;
        var due = Math.Max(_world.NowMicros + micros, StalledUntilMicros);
        var operation = new DiskWait();
        Loop.Current.Schedule(operation, due);
        return operation.Task;
    }

    private SimDirectory Directory(string path) => Resolve(path) switch
    {
        SimDirectory directory => directory,
        null => throw NotFound(path),
        _ => throw new DiskException(DiskError.NotFound, $"{path} is not a directory."),
    };

    private (SimDirectory Directory, string Name) Locate(string path)
    {
        var parts = Parts(path);
        if (parts.Length == 0) throw new DiskException(DiskError.AccessDenied, "The root of the disk cannot be changed.");
        var current = _root;
        foreach (var part in parts[..^1])
        {
            current = current.Find(part) as SimDirectory
                ?? throw new DiskException(DiskError.NotFound, $"The directory of {path} does not exist.");
        }

        return (current, parts[^1]);
    }

    private SimEntry? Resolve(string path)
    {
        SimEntry? current = _root;
        foreach (var part in Parts(path)) current = (current as SimDirectory)?.Find(part);
        return current;
    }

    /// <summary>A write that the process has asked for and that has not ended.</summary>
    private readonly record struct PendingWrite(SimFile File, long Position, ReadOnlyMemory<byte> Data);

    /// <summary>One disk operation on its way.</summary>
    private sealed class DiskWait : LoopOperation<Nothing>
    {
        public override ushort Kind => EngineEventKinds.Disk;

        protected override void Fire() => Complete(default);
    }
}
