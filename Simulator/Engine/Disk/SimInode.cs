using System;
using System.Collections.Generic;
using System.Linq;

namespace Simulator.Engine.Disk;

/// <summary>
/// A file's bytes on a simulated disk: what reads give (the page cache), and the changes since the last sync, each with what it
/// replaced, so that a power loss can take them back.
/// </summary>
internal sealed class SimInode : SimEntry
{
    private const int SetsLength = -1;
    private readonly List<Change> _unsynced = [];
    private long _forgotten;
    private bool _hasFates;

    /// <summary>What a power loss does to a change that the file has made and not forgotten.</summary>
    private enum Fate : byte
    {
        /// <summary>It may be lost, by what the power loss may take.</summary>
        Dirty,

        /// <summary>Synced after all, but still here because an older one is not.</summary>
        Durable,

        /// <summary>Said to be synced by a device that lied: it may always be lost.</summary>
        Lied,

        /// <summary>Dropped by a failed sync: never reaches the disk.</summary>
        Dropped,
    }

    public PageBuffer Content { get; } = new();

    /// <summary>The handle that holds the file for itself; null if none does.</summary>
    public SimFile? Holder { get; set; }

    /// <summary>The present point in the file's history: a sync that begins now covers all before it.</summary>
    public long SyncPoint => _forgotten + _unsynced.Count;

    public void Write(long position, ReadOnlySpan<byte> data) => Write(position, data, Fate.Dirty);

    public void SetLength(long length) => SetLength(length, Fate.Dirty);

    /// <summary>A sync that began at <paramref name="syncPoint"/> has ended; what was written meanwhile is not covered.</summary>
    public void MarkSynced(long syncPoint)
    {
        var covered = Covered(syncPoint);
        if (_hasFates && _unsynced.Exists(c => c.Fate == Fate.Dropped))
        {
            Decide(covered, static fate => fate == Fate.Dropped ? fate : Fate.Durable);
            return;
        }

        _unsynced.RemoveRange(0, covered);
        _forgotten += covered;
    }

    /// <summary>The device says that it has synced, and has not. True if there was something to sync.</summary>
    public bool MarkLied(long syncPoint) => Decide(Covered(syncPoint), static fate => fate == Fate.Dirty ? Fate.Lied : fate);

    /// <summary>
    /// A sync failed, and the kernel holds the pages clean from now on: they can still be read, but will never be written. True if
    /// there were any.
    /// </summary>
    public bool MarkDropped(long syncPoint) => Decide(Covered(syncPoint), static fate => fate == Fate.Durable ? fate : Fate.Dropped);

    /// <summary>The clean pages of a failed sync leave memory: reads give what the disk holds.</summary>
    public void EvictDropped()
    {
        var changes = Rewind();
        foreach (var change in changes)
        {
            if (change.Fate != Fate.Dropped) Redo(change, change.Fate);
        }

        _forgotten += changes.Count(c => c.Fate == Fate.Dropped);
    }

    /// <summary>Bytes go bad where they lie: no sync brings them back and no power loss takes them away.</summary>
    public void Rot(long position, byte mask)
    {
        Span<byte> one = stackalloc byte[1];
        Content.Read(position, one);
        one[0] ^= mask;
        Content.Write(position, one);
    }

    /// <summary>Takes back what the power loss may take and happens to.</summary>
    public void LosePower(PowerCut cut)
    {
        if (_unsynced.Count == 0) return;
        var forgotten = SyncPoint;
        var changes = Rewind();
        new Writeback(this, cut).Go(changes);
        _unsynced.Clear();
        _hasFates = false;
        _forgotten = forgotten;
    }

    private int Covered(long syncPoint) => (int)Math.Max(0, syncPoint - _forgotten);

    private bool Decide(int covered, Func<Fate, Fate> next)
    {
        var any = false;
        for (var i = 0; i < covered; i++)
        {
            var change = _unsynced[i];
            var fate = next(change.Fate);
            any |= fate != change.Fate;
            _unsynced[i] = change with { Fate = fate };
        }

        _hasFates |= any;
        return any;
    }

    private void Write(long position, ReadOnlySpan<byte> data, Fate fate)
    {
        _unsynced.Add(new Change(position, Content.Length, Content.Copy(position, data.Length), data.Length, fate));
        Content.Write(position, data);
    }

    private void SetLength(long length, Fate fate)
    {
        var cut = length < Content.Length ? Content.Copy(length, Content.Length - length) : [];
        _unsynced.Add(new Change(length, Content.Length, cut, SetsLength, fate));
        Content.SetLength(length);
    }

    /// <summary>Takes all changes back: the file is as the disk has it. Gives what they were, oldest first.</summary>
    private List<DoneChange> Rewind()
    {
        var done = new List<DoneChange>(_unsynced.Count);
        for (var i = _unsynced.Count - 1; i >= 0; i--)
        {
            var change = _unsynced[i];
            done.Add(new DoneChange(change.Position, change.Written == SetsLength ? null : Content.Copy(change.Position, change.Written), change.Fate));
            if (change.Written == SetsLength) Content.SetLength(change.LengthBefore);
            if (change.Replaced.Length > 0) Content.Write(change.Position, change.Replaced);
            Content.SetLength(change.LengthBefore);
        }

        done.Reverse();
        _unsynced.Clear();
        return done;
    }

    private void Redo(DoneChange change, Fate fate)
    {
        if (change.Data is { } data) Write(change.Position, data, fate);
        else SetLength(change.Position, fate);
    }

    /// <param name="Position">Where the bytes changed, or the new length.</param>
    /// <param name="LengthBefore">The file's length before the change.</param>
    /// <param name="Replaced">The bytes that stood there.</param>
    /// <param name="Written">Number of bytes written, or <see cref="SetsLength"/>.</param>
    /// <param name="Fate">What a power loss does to it.</param>
    private readonly record struct Change(long Position, long LengthBefore, byte[] Replaced, int Written, Fate Fate);

    /// <param name="Position">Where the bytes changed, or the new length.</param>
    /// <param name="Data">The bytes written, or null for a change of length.</param>
    /// <param name="Fate">What a power loss does to it.</param>
    private readonly record struct DoneChange(long Position, byte[]? Data, Fate Fate);

    /// <summary>What of a file's unsynced changes had reached the disk when the power went.</summary>
    private sealed class Writeback(SimInode file, PowerCut cut)
    {
        private const int SectorBytes = 512;
        private const int BlockBytes = 4096;
        private bool _lostOne;
        private bool _reordered;

        public void Go(List<DoneChange> changes)
        {
            var losable = changes.Count(IsLosable);
            var kept = Kept(losable);
            var seen = 0;
            foreach (var change in changes)
            {
                if (change.Fate == Fate.Dropped) continue;
                if (!IsLosable(change)) Keep(change.Position, change.Data);
                else if (cut.May(DiskLosses.Reordering)) Scatter(change, isLast: seen == losable - 1);
                else if (seen < kept) Keep(change.Position, change.Data);
                else Lose(change, isFirst: seen == kept);
                seen += IsLosable(change) ? 1 : 0;
            }

            if (_lostOne) cut.Took(EffectNames.UnsyncedDataLost);
            if (_reordered) cut.Took(EffectNames.WritebackReordered);
        }

        // Tearing alone tears the last write and loses nothing else.
        private int Kept(int losable)
        {
            if (losable == 0 || cut.May(DiskLosses.Reordering)) return losable;
            return cut.May(DiskLosses.Tearing) && !cut.May(DiskLosses.Data) ? losable - 1 : cut.Random.Next(losable + 1);
        }

        private bool IsLosable(DoneChange change) =>
            change.Fate == Fate.Lied || (change.Fate == Fate.Dirty && cut.May(DiskLosses.Data | DiskLosses.Tearing | DiskLosses.Reordering));

        private void Lose(DoneChange change, bool isFirst)
        {
            var reached = isFirst && cut.May(DiskLosses.Tearing) && change.Data is not null ? TornLength(change.Data.Length) : 0;
            if (reached == 0)
            {
                _lostOne = true;
                return;
            }

            Keep(change.Position, change.Data![..reached]);
            cut.Took(EffectNames.BlockTorn);
        }

        private int TornLength(int length)
        {
            var least = cut.May(DiskLosses.Data) ? 0 : 1;
            if (length <= least) return length;
            var reached = cut.Random.Next(least, length);
            return cut.Random.Chance(0.5) ? Math.Max(least, reached - (reached % SectorBytes)) : reached;
        }

        /// <summary>Each block of a write by itself, cut where the disk's blocks end.</summary>
        private void Scatter(DoneChange change, bool isLast)
        {
            isLast &= !cut.May(DiskLosses.Data);
            if (change.Data is not { Length: > 0 } data)
            {
                if (isLast || !cut.Takes()) Keep(change.Position, change.Data);
                else _lostOne = true;
                return;
            }

            for (var from = 0; from < data.Length;)
            {
                var to = (int)Math.Min(data.Length, (((change.Position + from) / BlockBytes) + 1) * BlockBytes - change.Position);
                if ((isLast && to == data.Length) || !cut.Takes())
                {
                    Keep(change.Position + from, data[from..to]);
                    _reordered |= _lostOne;
                }
                else
                {
                    _lostOne = true;
                }

                from = to;
            }
        }

        private void Keep(long position, byte[]? data)
        {
            if (data is null) file.Content.SetLength(position);
            else file.Content.Write(position, data);
        }
    }
}

/// <summary>Something that a name in a directory stands for.</summary>
internal abstract class SimEntry;
