using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Simulator.Engine.Disk;

/// <summary>What a power loss may take from a disk. Only what was not synced is ever taken.</summary>
[Flags]
public enum DiskLosses
{
    /// <summary>Writeback had happened to do everything.</summary>
    None = 0,

    /// <summary>The last unsynced writes of a file.</summary>
    Data = 1,

    /// <summary>
    /// A part of the first unsynced write that is lost, or of the last one if no other is: up to a sector's boundary or inside one. Not
    /// together with <see cref="Reordering"/>, which takes whole blocks.
    /// </summary>
    Tearing = 2,

    /// <summary>Any of a file's unsynced blocks, whatever became of those written before and after; the last one only together with <see cref="Data"/>.</summary>
    Reordering = 4,

    /// <summary>Any name of a directory that was made or deleted without a sync of the directory since.</summary>
    Entries = 8,

    /// <summary>Any rename without a sync of the directory since: the old name is back, and under the new one what stood there before.</summary>
    Renames = 16,

    /// <summary>The last name changes of a directory, renames and others, in the order in which they were made.</summary>
    Names = 32,

    /// <summary>What a file system with ordered writeback and a journal loses; what a power loss takes unless it says otherwise.</summary>
    Ordered = Data | Tearing | Names,

    /// <summary>All that POSIX lets a file system lose.</summary>
    All = Data | Tearing | Reordering | Entries | Renames,
}

/// <summary>What losses look like.</summary>
internal static class DiskLossEffects
{
    /// <summary>The effects by which these losses show. Where blocks are lost one by one none is torn.</summary>
    public static IReadOnlyList<string> Effects(this DiskLosses losses)
    {
        bool May(DiskLosses loss) => (losses & loss) != 0;
        var effects = new List<string>();
        if (May(DiskLosses.Data | DiskLosses.Reordering)) effects.Add(EffectNames.UnsyncedDataLost);
        if (May(DiskLosses.Tearing) && !May(DiskLosses.Reordering)) effects.Add(EffectNames.BlockTorn);
        if (May(DiskLosses.Reordering)) effects.Add(EffectNames.WritebackReordered);
        if (May(DiskLosses.Entries | DiskLosses.Names)) effects.Add(EffectNames.DirectoryEntryLost);
        if (May(DiskLosses.Renames | DiskLosses.Names)) effects.Add(EffectNames.RenameLost);
        return effects;
    }
}

/// <summary>One power loss as it goes over a disk: what it may take, the draws of what it takes, and a count of what it took.</summary>
internal sealed class PowerCut(RandomStream random, DiskLosses losses, double rate, Action<string> took)
{
    public RandomStream Random => random;

    /// <summary>Draws whether a block, entry or rename that may be lost by itself is lost.</summary>
    public bool Takes() => random.Chance(rate);

    public bool May(DiskLosses loss) => (losses & loss) != 0;

    public void Took(string what) => took(what);
}
