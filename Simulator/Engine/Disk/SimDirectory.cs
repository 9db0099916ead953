using System;
using System.Collections.Generic;
using System.Linq;

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

    /// <summary>Forgets names that were not synced, as far as the power loss may and happens to, then lets every file lose what was not synced.</summary>
    public void LosePower(PowerCut cut)
    {
        LoseNames(cut);
        _forgotten += _unsynced.Count;
        _unsynced.Clear();
        foreach (var entry in _entries.Values)
        {
            if (entry is SimDirectory directory) directory.LosePower(cut);
            else ((SimInode)entry).LosePower(cut);
        }
    }

    /// <summary>The disk is another one, and empty.</summary>
    public void Wipe()
    {
        _entries.Clear();
        _forgotten += _unsynced.Count;
        _unsynced.Clear();
    }

    /// <summary>All files below with their paths, in ordinal order at each level.</summary>
    public IEnumerable<(string Path, SimInode File)> Files(string prefix = "")
    {
        foreach (var (name, entry) in _entries)
        {
            if (entry is SimInode file) yield return (prefix + name, file);
            else foreach (var found in ((SimDirectory)entry).Files(prefix + name + "/")) yield return found;
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
        Redo(change);
        _unsynced.Add(change);
    }

    private void LoseNames(PowerCut cut)
    {
        if (_unsynced.Count == 0) return;
        var kept = cut.May(DiskLosses.Names) ? cut.Random.Next(_unsynced.Count + 1) : _unsynced.Count;
        var lost = _unsynced.Select((change, i) => i >= kept || IsLost(change, cut)).ToList();
        if (!lost.Contains(true)) return;
        for (var i = _unsynced.Count - 1; i >= 0; i--) Undo(_unsynced[i]);
        for (var i = 0; i < lost.Count; i++)
        {
            if (lost[i]) cut.Took(_unsynced[i].IsRename ? EffectNames.RenameLost : EffectNames.DirectoryEntryLost);
            else Redo(_unsynced[i]);
        }
    }

    private static bool IsLost(NameChange change, PowerCut cut) =>
        cut.May(change.IsRename ? DiskLosses.Renames : DiskLosses.Entries) && cut.Takes();

    private void Redo(NameChange change)
    {
        Put(change.Name, change.After);
        if (change.Second is { } second) Put(second.Name, second.After);
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

    private sealed record NameChange(string Name, SimEntry? Before, SimEntry? After, NameChange? Second)
    {
        public bool IsRename => Second is not null;
    }
}
