using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Simulator.Platform;

namespace Simulator.Engine.Disk;

/// <summary>
/// A simulated disk with a page cache. A process crash keeps all that was written; a power loss keeps what was synced and, of the
/// rest, what writeback happened to have done. Operations take effect when they end, not when they are asked for.
/// </summary>
public sealed partial class SimDisk : IDisk
{
    /// <summary>Bytes of a name: NAME_MAX of Linux and its usual file systems.</summary>
    private const int LongestName = 255;

    private readonly SimWorld _world;
    private readonly SimMachine _machine;
    private readonly RandomStream _latency;
    private readonly RandomStream _powerLoss;
    private readonly SimDirectory _root = new();
    private readonly RandomStream _processDeath;
    private readonly List<PendingWrite> _writing = [];
    private readonly List<SimFile> _held = [];
    private readonly Dictionary<string, string[]> _partsOf = new(StringComparer.Ordinal);
    private readonly List<DiskWait> _stalled = [];
    private readonly List<string> _litterings = [];
    private readonly Stack<DiskWait> _idleWaits = new();
    private readonly EffectsInForce<int> _slow = new(1, Math.Max);
    private readonly EffectsInForce<long> _ballast = new(0, Math.Max);
    private readonly DiskTroubles _troubles = new();
    private readonly EffectsInForce<long> _stalledUntil;
    private long _usedBytes;

    internal SimDisk(SimWorld world, SimMachine machine)
    {
        _world = world;
        _machine = machine;
        _stalledUntil = new EffectsInForce<long>(0, Math.Max, ReleaseStalled);
        _latency = world.Random($"{machine.Name}/disk/latency");
        _powerLoss = world.Random($"{machine.Name}/disk/power-loss");
        _processDeath = world.Random($"{machine.Name}/disk/process-death");
    }

    /// <summary>All latencies are multiplied by this; 1 for a healthy disk.</summary>
    public int SlowFactor => _slow.Value;

    /// <summary>Nothing ends before this instant of virtual time, in microseconds: a stalled device. Past for a healthy disk.</summary>
    public long StalledUntilMicros => _stalledUntil.Value;

    /// <summary>Bytes in files.</summary>
    public long UsedBytes => _usedBytes;

    /// <summary>Number of operations that failed because the device did: errors of input and output, no space left.</summary>
    public long Errors { get; private set; }

    private long RoomLeft => _world.Options.DiskBytes - _usedBytes - _ballast.Value;

    /// <inheritdoc/>
    public async LoopTask<IFile> Open(string path, OpenMode mode)
    {
        await Wait(_world.Options.DiskLatency);
        if (_troubles.Any) FailOnNames(path);
        RefuseLongNames(path);
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

        var inode = (SimInode)entry;
        if (mode == OpenMode.Exclusive && inode.Holder is not null) throw new DiskException(DiskError.Locked, $"{path} is held by another process.");
        var file = new SimFile(this, path, inode);
        if (mode != OpenMode.Exclusive) return file;
        inode.Holder = file;
        _held.Add(file);
        return file;
    }

    /// <inheritdoc/>
    public async LoopTask<bool> Exists(string path)
    {
        await Wait(_world.Options.DiskLatency);
        if (_troubles.Any) FailOnNames(path);
        return Resolve(path) is not null;
    }

    /// <inheritdoc/>
    public async LoopTask<IReadOnlyList<string>> List(string directory)
    {
        await Wait(_world.Options.DiskLatency);
        if (_troubles.Any) FailOnNames(directory);
        return Directory(directory).Entries.Keys.ToArray();
    }

    /// <inheritdoc/>
    public async LoopTask CreateDirectory(string path)
    {
        await Wait(_world.Options.DiskLatency);
        if (_troubles.Any) FailOnNames(path);
        RefuseLongNames(path);
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
        if (_troubles.Any) FailOnNames(from);
        var (source, oldName) = Locate(from);
        var (target, newName) = Locate(to);
        var entry = source.Find(oldName) ?? throw NotFound(from);
        RefuseLongNames(to);
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
        if (_troubles.Any) FailOnNames(path);
        RefuseLongNames(path);
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
        if (_troubles.Any && SyncsInVain(path)) return;
        if (found == directory) found.MarkSynced(syncPoint);
    }

    /// <inheritdoc/>
    public async LoopTask<long> FreeBytes()
    {
        await Wait(_world.Options.DiskLatency);
        return RoomLeft;
    }

    /// <summary>What a file reads back as now, for checkers; empty if there is no such file. Costs no virtual time.</summary>
    public ReadOnlySpan<byte> Peek(string path) => Resolve(path) is SimInode file ? file.Content.Span : default;

    /// <summary>The names in a directory now, for checkers; empty if there is no such directory.</summary>
    public IReadOnlyCollection<string> PeekNames(string directory) =>
        Resolve(directory) is SimDirectory found ? [.. found.Entries.Keys] : [];

    /// <summary>The process has ended: nobody holds its files any more.</summary>
    internal void ReleaseHeld()
    {
        foreach (var file in _held.ToArray()) Release(file);
    }

    internal void Release(SimFile file)
    {
        if (file.Inode.Holder != file) return;
        file.Inode.Holder = null;
        _held.Remove(file);
    }

    /// <summary>
    /// The process died with writes under way: the kernel may not have begun one, may have done a part of it, or all. Nobody
    /// learns of it but whoever reads the file next.
    /// </summary>
    internal void AbandonWrites(RandomStream? outcome)
    {
        var random = outcome ?? _processDeath;
        foreach (var (file, position, data) in _writing)
        {
            var done = random.Next(3) switch { 0 => 0, 1 => data.Length, _ => random.Next(data.Length + 1) };
            if (done > 0) Apply(file.Inode, position, data.Span[..Math.Min(done, data.Length)]);
        }

        _writing.Clear();
    }

    internal void LosePower(RandomStream? outcome, DiskLosses losses, double rate)
    {
        _root.LosePower(new PowerCut(outcome ?? _powerLoss, losses, rate, what => NoteEffect(what, string.Empty)));
        _usedBytes = _root.Bytes();
    }

    internal async LoopTask<int> Read(SimFile file, long position, Memory<byte> buffer)
    {
        await Wait(_world.Options.DiskLatency);
        file.AssertOpen();
        var count = file.Inode.Content.Read(position, buffer.Span);
        if (_troubles.Any) return ReadInTrouble(file, count);
        if (count > 1 && _world.Buggify.Fires("disk/short-read")) count = 1 + _latency.Next(count - 1);
        return count;
    }

    internal async LoopTask Write(SimFile file, long position, ReadOnlyMemory<byte> data)
    {
        _world.NoteRequest("write to a file of length", data.Span);
        _writing.Add(new PendingWrite(file, position, data));
        await Wait(_world.Options.DiskLatency);
        EndWriting(file, position, data);
        file.AssertOpen();
        if (_troubles.Any) await WriteInTrouble(file, position, data);
        else WriteAsRoomAllows(file, position, data.Span);
    }

    internal async LoopTask Sync(SimFile file)
    {
        var syncPoint = file.Inode.SyncPoint;
        await Wait(_world.Options.SyncLatency);
        file.AssertOpen();
        if (!_troubles.Any || !SyncsInVain(file, syncPoint)) file.Inode.MarkSynced(syncPoint);
    }

    internal async LoopTask SetLength(SimFile file, long length)
    {
        await Wait(_world.Options.DiskLatency);
        file.AssertOpen();
        if (_troubles.Any) FailOnCut(file);
        var growth = length - file.Inode.Content.Length;
        if (growth > RoomLeft) throw OutOfRoom(file.Path);
        _usedBytes += growth;
        file.Inode.SetLength(length);
    }

    // A disk that becomes full in the middle of a write has written what there was room for.
    private void WriteAsRoomAllows(SimFile file, long position, ReadOnlySpan<byte> data)
    {
        var possible = Math.Max(file.Inode.Content.Length, file.Inode.Content.Length + RoomLeft) - position;
        if (possible >= data.Length)
        {
            Apply(file.Inode, position, data);
            return;
        }

        if (possible > 0) Apply(file.Inode, position, data[..(int)possible]);
        throw OutOfRoom(file.Path);
    }

    private void EndWriting(SimFile file, long position, ReadOnlyMemory<byte> data)
    {
        for (var i = 0; i < _writing.Count; i++)
        {
            var pending = _writing[i];
            if (pending.File != file || pending.Position != position || !pending.Data.Equals(data)) continue;
            _writing.RemoveAt(i);
            return;
        }
    }

    private void Apply(SimInode inode, long position, ReadOnlySpan<byte> data)
    {
        _world.Mix(data);
        _usedBytes += Math.Max(0, position + data.Length - inode.Content.Length);
        inode.Write(position, data);
    }

    private string[] Parts(string path)
    {
        if (_partsOf.TryGetValue(path, out var parts)) return parts;
        return _partsOf[path] = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").ToArray();
    }

    private void RefuseLongNames(string path)
    {
        foreach (var part in Parts(path))
        {
            if (part.Length > LongestName / 3 && Encoding.UTF8.GetByteCount(part) > LongestName) throw new DiskException(DiskError.NameTooLong, $"A name in {path} is longer than {LongestName} bytes.");
        }
    }

    private static DiskException NotFound(string path) => new(DiskError.NotFound, $"{path} does not exist.");

    private DiskException OutOfRoom(string path)
    {
        if (_ballast.Value > 0) NoteEffect(EffectNames.DiskFull, path);
        return NoSpace(path);
    }

    private DiskException NoSpace(string path)
    {
        Errors++;
        return new DiskException(DiskError.NoSpace, $"No space left for {path}.");
    }

    private LoopTask<Nothing> Wait(Range<TimeSpan> latency)
    {
        var micros = _latency.NextSpan(latency.Min, latency.Max).Ticks / TimeSpan.TicksPerMicrosecond * SlowFactor;
        if (!_idleWaits.TryPop(out var operation)) operation = new DiskWait(this);
        operation.OwnDueMicros = _world.NowMicros + micros;
        if (StalledUntilMicros > operation.OwnDueMicros) HoldBack(operation, Loop.Current);
        else Loop.Current.ScheduleOwn(operation, operation.OwnDueMicros);
        return operation.Task;
    }

    private SimDirectory Directory(string path)
    {
        RefuseLongNames(path);
        return Resolve(path) switch
        {
            SimDirectory directory => directory,
            null => throw NotFound(path),
            _ => throw new DiskException(DiskError.NotFound, $"{path} is not a directory."),
        };
    }

    private (SimDirectory Directory, string Name) Locate(string path)
    {
        var parts = Parts(path);
        if (parts.Length == 0) throw new DiskException(DiskError.AccessDenied, "The root of the disk cannot be changed.");
        var current = _root;
        foreach (var part in parts.AsSpan(..^1))
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
    private sealed class DiskWait(SimDisk disk) : LoopOperation<Nothing>
    {
        /// <summary>When it would end if the device never stalled.</summary>
        public long OwnDueMicros { get; set; }

        /// <summary>True once a stall has held it back: the list of those still knows it, so that it is not used again.</summary>
        public bool WasHeldBack { get; set; }

        public override ushort Kind => EngineEventKinds.Disk;

        protected override void Fire()
        {
            if (disk.StalledUntilMicros > disk._world.NowMicros) disk.HoldBack(this, Owner!); // the stall began while it was under way
            else Complete(default);
        }

        protected override void Recycle()
        {
            if (!WasHeldBack) disk._idleWaits.Push(this);
        }
    }
}
