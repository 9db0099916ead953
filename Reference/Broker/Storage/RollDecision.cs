using System;

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
        state.SegmentSize > 0
        && (state.SegmentSize > config.SegmentBytes - state.AppendSize
            || state.AgeMillis > config.RollMillis - state.JitterMillis
            || state.OffsetIndexEntries >= config.SegmentIndexBytes / OffsetIndex.EntrySize
            || state.TimeIndexEntries >= (config.SegmentIndexBytes / TimeIndex.EntrySize) - 1 // one place is kept for sealing
            || state.LastRelativeOffset > int.MaxValue);

    /// <summary>Age in milliseconds: between record timestamps where there are any, else since the segment was made.</summary>
    public static long AgeOf(long firstTimestamp, long appendedMaxTimestamp, long createdMillis, long nowMillis) =>
        firstTimestamp >= 0 && appendedMaxTimestamp >= 0 ? appendedMaxTimestamp - firstTimestamp : nowMillis - createdMillis;

    /// <summary>The bound of a segment's jitter: less than its whole age.</summary>
    public static long MaxJitter(LogConfig config) => Math.Min(config.SegmentJitterMillis, config.RollMillis);
}
