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
