using System;
using Reference.Wire.Records;

namespace Reference.Broker.Storage;

/// <summary>What decides whether the active segment is closed and a new one begun.</summary>
/// <param name="SegmentSize">Bytes in the active segment.</param>
/// <param name="AppendSize">Bytes about to be appended.</param>
/// <param name="AgeMillis">How long the segment has been filling, by <see cref="RollDecision.AgeOf"/>.</param>
/// <param name="OffsetIndexEntries">Entries in its offset index.</param>
/// <param name="TimeIndexEntries">Entries in its time index.</param>
/// <param name="LastRelativeOffset">Last offset to be appended, relative to the segment's base.</param>
/// <param name="JitterMillis">What this segment was drawn to roll earlier by.</param>
public readonly record struct RollState(int SegmentSize, int AppendSize, long AgeMillis, int OffsetIndexEntries, int TimeIndexEntries, long LastRelativeOffset, long JitterMillis = 0);

/// <summary>When a segment is rolled.</summary>
public static class RollDecision
{
    /// <summary>True if the append must go to a new segment: too large, too old, an index full, or offsets that 4 bytes cannot express.</summary>
    public static bool ShouldRoll(RollState state, LogConfig config) =>
        state.LastRelativeOffset > int.MaxValue // even an empty segment: a follower's next batch may lie beyond a compacted gap
        || (state.SegmentSize > 0 && (state.SegmentSize > config.SegmentBytes - state.AppendSize
            || state.AgeMillis > config.RollMillis - state.JitterMillis
            || state.OffsetIndexEntries >= config.SegmentIndexBytes / OffsetIndex.EntrySize
            || state.TimeIndexEntries >= (config.SegmentIndexBytes / TimeIndex.EntrySize) - 1)); // one place is kept for sealing

    /// <summary>
    /// Bytes of the first batches whose offsets 4 bytes can tell from the log's end: what fits in one segment that begins there; at least
    /// one batch.
    /// </summary>
    public static int FittingBytes(ReadOnlySpan<byte> batches, long logEndOffset)
    {
        var bytes = 0;
        foreach (var batch in new RecordBatches(batches))
        {
            if (bytes > 0 && batch.NextOffset - 1 - logEndOffset > int.MaxValue) break;
            bytes += batch.SizeInBytes;
        }

        return bytes;
    }

    /// <summary>
    /// Where a new segment for batches begins: at the log's end, but at the first batch if that lies too far beyond
    /// (<see cref="FittingBytes"/> then gives one batch).
    /// </summary>
    public static long BaseOffset(ReadOnlySpan<byte> batches, long logEndOffset)
    {
        var found = new RecordBatches(batches);
        return found.MoveNext() && found.Current.NextOffset - 1 - logEndOffset > int.MaxValue ? found.Current.BaseOffset : logEndOffset;
    }

    /// <summary>Age in milliseconds: between record timestamps where there are any, else since the segment was made.</summary>
    public static long AgeOf(long firstTimestamp, long appendedMaxTimestamp, long createdMillis, long nowMillis) =>
        firstTimestamp >= 0 && appendedMaxTimestamp >= 0 ? appendedMaxTimestamp - firstTimestamp : nowMillis - createdMillis;

    /// <summary>The bound of a segment's jitter: less than its whole age.</summary>
    public static long MaxJitter(LogConfig config) => Math.Min(config.SegmentJitterMillis, config.RollMillis);
}
