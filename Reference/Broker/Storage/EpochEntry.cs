using System;
using System.Collections.Generic;

namespace Reference.Broker.Storage;

/// <summary>A leader epoch and an offset of it: its start in the cache, its end (exclusive) in an answer.</summary>
/// <param name="Epoch">The leader epoch.</param>
/// <param name="Offset">The offset.</param>
public readonly record struct EpochEntry(int Epoch, long Offset)
{
    /// <summary>"Not known": epoch -1 and offset -1.</summary>
    public static EpochEntry Undefined => new(-1, -1);
}

/// <summary>A leader epoch as the batches of a log show it, of which compaction may have taken some, the first of the epoch among them.</summary>
/// <param name="Epoch">The leader epoch.</param>
/// <param name="Earliest">It begins no earlier than here: the batch before ends here.</param>
/// <param name="First">Nor later than here: its first batch begins here.</param>
public readonly record struct SeenEpoch(int Epoch, long Earliest, long First)
{
    /// <summary>Adds what a batch shows to what those before it did, if it is news.</summary>
    internal static void Note(List<SeenEpoch> seen, SeenEpoch epoch)
    {
        if (epoch.Epoch >= 0 && (seen.Count == 0 || epoch.Epoch > seen[^1].Epoch)) seen.Add(epoch);
    }
}

/// <summary>Answers OffsetsForLeaderEpoch (KIP-101, KIP-279).</summary>
public static class EpochEndOffset
{
    /// <summary>
    /// The largest epoch in the log that is not above the one asked for, with the offset after its last record; undefined if the
    /// one asked for is above all known or there are none. Below all known: the epoch asked for, with the start of the first.
    /// </summary>
    public static EpochEntry Find(IReadOnlyList<EpochEntry> starts, int epoch, long logEndOffset)
    {
        if (epoch < 0 || starts.Count == 0 || epoch > starts[^1].Epoch) return EpochEntry.Undefined;
        if (epoch == starts[^1].Epoch) return new EpochEntry(epoch, logEndOffset);
        var next = 0;
        while (starts[next].Epoch <= epoch) next++;
        return new EpochEntry(next == 0 ? epoch : starts[next - 1].Epoch, starts[next].Offset);
    }

    /// <summary>
    /// The cache after an epoch began at an offset: entries that it contradicts, of that or a later epoch or start, are gone. The
    /// same list if nothing changes.
    /// </summary>
    public static IReadOnlyList<EpochEntry> Assign(IReadOnlyList<EpochEntry> starts, EpochEntry added)
    {
        if (starts.Count > 0 && starts[^1].Epoch == added.Epoch) return starts;
        var kept = new List<EpochEntry>();
        foreach (var entry in starts)
        {
            if (entry.Epoch < added.Epoch && entry.Offset < added.Offset) kept.Add(entry);
        }

        kept.Add(added);
        return kept;
    }

    /// <summary>The cache of a log that ends at an offset: entries that begin there or later are gone.</summary>
    public static IReadOnlyList<EpochEntry> TruncateFromEnd(IReadOnlyList<EpochEntry> starts, long endOffset)
    {
        var kept = new List<EpochEntry>();
        foreach (var entry in starts)
        {
            if (entry.Offset < endOffset) kept.Add(entry);
        }

        return kept.Count == starts.Count ? starts : kept;
    }

    /// <summary>
    /// The cache of a log whose batches have been read from an offset on. What it knew of that part stays where no batch contradicts it:
    /// batches alone do not tell where an epoch begins whose first ones were compacted away. One that only they know begins as early as
    /// they allow: a follower that cuts too much fetches it again, one that cuts too little keeps what was never committed. So does the
    /// first known one, which <see cref="TruncateFromStart"/> may have moved up.
    /// </summary>
    /// <param name="starts">What it knew.</param>
    /// <param name="from">Where the reading began.</param>
    /// <param name="seen">What the batches show, in order.</param>
    public static IReadOnlyList<EpochEntry> Reconcile(IReadOnlyList<EpochEntry> starts, long from, IReadOnlyList<SeenEpoch> seen)
    {
        var merged = TruncateFromEnd(starts, from);
        foreach (var epoch in seen)
        {
            var earliest = Math.Max(from, epoch.Earliest);
            foreach (var entry in starts)
            {
                if (entry.Offset < earliest || entry.Offset > epoch.First || entry.Epoch > epoch.Epoch || !IsNews(entry.Epoch)) continue;
                merged = Assign(merged, entry == starts[0] ? entry with { Offset = earliest } : entry);
            }

            if (!IsNews(epoch.Epoch)) continue;
            if (merged.Count > 0) earliest = Math.Clamp(merged[^1].Offset + 1, earliest, epoch.First);
            merged = Assign(merged, new EpochEntry(epoch.Epoch, earliest));
        }

        return merged;

        bool IsNews(int epoch) => merged.Count == 0 || epoch > merged[^1].Epoch;
    }

    /// <summary>The cache of a log that begins at an offset: the epoch in force there begins there, earlier ones are gone.</summary>
    public static IReadOnlyList<EpochEntry> TruncateFromStart(IReadOnlyList<EpochEntry> starts, long startOffset)
    {
        var first = 0;
        while (first + 1 < starts.Count && starts[first + 1].Offset <= startOffset) first++;
        if (starts.Count == 0 || (first == 0 && starts[0].Offset >= startOffset)) return starts;
        var kept = new List<EpochEntry> { new(starts[first].Epoch, startOffset) };
        for (var i = first + 1; i < starts.Count; i++) kept.Add(starts[i]);
        return kept;
    }
}
