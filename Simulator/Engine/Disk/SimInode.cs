using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Simulator.Engine.Disk;

/// <summary>
/// A file's bytes on a simulated disk: what reads give (the page cache), and the changes since the last sync, each with what it
/// replaced, so that a power loss can take them back.
/// </summary>
internal sealed class SimInode : SimEntry
{
    private const int SectorBytes = 512;
    private const int SetsLength = -1;
    private readonly List<Change> _unsynced = [];
    private long _forgotten;

    public PageBuffer Content { get; } = new();

    /// <summary>Changes that a power loss may take.</summary>
    public int UnsyncedChanges => _unsynced.Count;

    public void Write(long position, ReadOnlySpan<byte> data)
    {
        _unsynced.Add(new Change(position, Content.Length, Content.Copy(position, data.Length), data.Length));
        Content.Write(position, data);
    }

    public void SetLength(long length)
    {
        var cut = length < Content.Length ? Content.Copy(length, Content.Length - length) : [];
        _unsynced.Add(new Change(length, Content.Length, cut, SetsLength));
        Content.SetLength(length);
    }

    /// <summary>The present point in the file's history: a sync that begins now covers all before it.</summary>
    public long SyncPoint => _forgotten + _unsynced.Count;

    /// <summary>A sync that began at <paramref name="syncPoint"/> has ended; what was written meanwhile is not covered.</summary>
    public void MarkSynced(long syncPoint)
    {
        var covered = (int)Math.Max(0, syncPoint - _forgotten);
        _unsynced.RemoveRange(0, covered);
        _forgotten += covered;
    }

    /// <summary>
    /// Keeps a random prefix of the unsynced changes, tears the next one at a sector or in the middle of one, and forgets the rest:
    /// writeback in order, cut short.
    /// </summary>
    public void LosePower(RandomStream random)
    {
        if (_unsynced.Count == 0) return;
        var kept = random.Next(_unsynced.Count + 1);
        var torn = kept < _unsynced.Count ? TornPart(_unsynced[kept], random) : null;
        for (var i = _unsynced.Count - 1; i >= kept; i--) Undo(_unsynced[i]);
        if (torn is not null && torn.Length > 0) Content.Write(_unsynced[kept].Position, torn);
        _forgotten += _unsynced.Count;
        _unsynced.Clear();
    }

    private byte[]? TornPart(Change change, RandomStream random)
    {
        if (change.Written <= 0) return null;
        var keep = random.Next(change.Written);
        if (random.Chance(0.5)) keep -= keep % SectorBytes;
        return Content.Copy(change.Position, keep);
    }

    private void Undo(Change change)
    {
        if (change.Written == SetsLength)
        {
            Content.SetLength(change.LengthBefore);
            if (change.Replaced.Length > 0) Content.Write(change.Position, change.Replaced);
            return;
        }

        if (change.Replaced.Length > 0) Content.Write(change.Position, change.Replaced);
        Content.SetLength(change.LengthBefore);
    }

    /// <param name="Position">Where the bytes changed.</param>
    /// <param name="LengthBefore">The file's length before the change.</param>
    /// <param name="Replaced">The bytes that stood there.</param>
    /// <param name="Written">Number of bytes written, or <see cref="SetsLength"/>.</param>
    private readonly record struct Change(long Position, long LengthBefore, byte[] Replaced, int Written);
}

/// <summary>Something that a name in a directory stands for.</summary>
internal abstract class SimEntry;
