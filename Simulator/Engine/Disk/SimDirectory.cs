using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Simulator.Engine.Disk;

/// <summary>A directory: its names now, and the changes of names since the last sync of the directory.</summary>
internal sealed class SimDirectory : SimEntry
{
    private readonly SortedDictionary<string, SimEntry> _entries = new(StringComparer.Ordinal);
    private readonly List<NameChange> _unsynced = [];
    private long _forgotten;

    public IReadOnlyDictionary<string, SimEntry> Entries => _entries;

    public SimEntry? Find(string name) => _entries.GetValueOrDefault(name);

    public void Set(string name, SimEntry? entry) => Apply(new NameChange(name, Find(name), entry, null));

    /// <summary>Renames inside this directory: both names change together or not at all.</summary>
    public void Rename(string from, string to)
    {
        var entry = Find(from);
        var second = new NameChange(to, Find(to), entry, null);
        Apply(new NameChange(from, entry, null, second));
    }

    /// <summary>The present point in the directory's history: a sync that begins now covers all before it.</summary>
    public long SyncPoint => _forgotten + _unsynced.Count;

    /// <summary>A sync that began at <paramref name="syncPoint"/> has ended; names changed meanwhile are not covered.</summary>
    public void MarkSynced(long syncPoint)
    {
        var covered = (int)Math.Max(0, syncPoint - _forgotten);
        _unsynced.RemoveRange(0, covered);
        _forgotten += covered;
    }

    /// <summary>Forgets a random suffix of the unsynced name changes, then lets every file lose what was not synced.</summary>
    public void LosePower(RandomStream random)
    {
        var kept = random.Next(_unsynced.Count + 1);
        for (var i = _unsynced.Count - 1; i >= kept; i--) Undo(_unsynced[i]);
        _forgotten += _unsynced.Count;
        _unsynced.Clear();
        foreach (var entry in _entries.Values)
        {
            if (entry is SimDirectory directory) directory.LosePower(random);
            else ((SimInode)entry).LosePower(random);
        }
    }

    /// <summary>Bytes held by all files below.</summary>
    public long Bytes()
    {
        var total = 0L;
        foreach (var entry in _entries.Values) total += entry is SimDirectory directory ? directory.Bytes() : ((SimInode)entry).Content.Length;
        return total;
    }

    private void Apply(NameChange change)
    {
        Put(change.Name, change.After);
        if (change.Second is { } second) Put(second.Name, second.After);
        _unsynced.Add(change);
    }

    private void Undo(NameChange change)
    {
        if (change.Second is { } second) Put(second.Name, second.Before);
        Put(change.Name, change.Before);
    }

    private void Put(string name, SimEntry? entry)
    {
        if (entry is null) _entries.Remove(name);
        else _entries[name] = entry;
    }

    private sealed record NameChange(string Name, SimEntry? Before, SimEntry? After, NameChange? Second);
}
