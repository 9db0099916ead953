using System;
using System.Collections.Generic;

namespace Reference.Broker.Storage.Cleaning;

/// <summary>What the cleaner looks at in a segment.</summary>
/// <param name="BaseOffset">Its first offset.</param>
/// <param name="NextOffset">The offset after its last.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IndexSize">Bytes of the larger of its indexes.</param>
/// <param name="FirstTimestamp">Timestamp of its first batch in milliseconds; -1 if not known.</param>
/// <param name="LargestTimestamp">Timestamp of its newest record, in milliseconds.</param>
public readonly record struct CleaningSegment(long BaseOffset, long NextOffset, int Size, int IndexSize, long FirstTimestamp, long LargestTimestamp);

/// <summary>What decides which part of a log is to be compacted.</summary>
/// <param name="Segments">All segments, the last one active.</param>
/// <param name="LogStartOffset">The log's start.</param>
/// <param name="HighWatermark">Nothing at or above it is touched: it may be cut yet.</param>
/// <param name="CleanedUpTo">What was checkpointed; null if the log was never compacted.</param>
/// <param name="NowMillis">The wall clock.</param>
public readonly record struct CleaningFacts(IReadOnlyList<CleaningSegment> Segments, long LogStartOffset, long HighWatermark, long? CleanedUpTo, long NowMillis);

/// <summary>The part of a log that can be compacted.</summary>
/// <param name="FirstDirty">Up to here everything has been compacted.</param>
/// <param name="FirstUncleanable">From here on nothing may be yet: the base of a segment.</param>
/// <param name="CleanBytes">Bytes of the segments compacted before.</param>
/// <param name="CleanableBytes">Bytes of the segments between.</param>
/// <param name="IsOverdue">True if a record has waited for longer than max.compaction.lag.ms.</param>
public readonly record struct CleanableRange(long FirstDirty, long FirstUncleanable, long CleanBytes, long CleanableBytes, bool IsOverdue)
{
    /// <summary>The share of bytes not compacted yet.</summary>
    public double DirtyRatio => CleanableBytes == 0 ? 0 : (double)CleanableBytes / (CleanBytes + CleanableBytes);

    /// <summary>Whether it is worth the work.</summary>
    public bool IsDue(double minRatio) => CleanableBytes > 0 && (IsOverdue || DirtyRatio > minRatio);
}

/// <summary>What the cleaner decides; pure.</summary>
public static class CleaningDecision
{
    /// <summary>
    /// The part that can be compacted: whole segments from where the last compaction ended, up to the active one, to the one that holds the
    /// high watermark, and to the first with a record younger than min.compaction.lag.ms.
    /// </summary>
    public static CleanableRange RangeOf(CleaningFacts facts, LogConfig config)
    {
        var end = facts.Segments[^1].NextOffset;
        var dirty = facts.CleanedUpTo is { } cleaned && cleaned >= facts.LogStartOffset && cleaned <= end ? cleaned : facts.LogStartOffset;
        var (uncleanable, cleanBytes, cleanableBytes, earliest) = (facts.Segments[0].BaseOffset, 0L, 0L, long.MaxValue);
        for (var i = 0; i + 1 < facts.Segments.Count; i++)
        {
            var segment = facts.Segments[i];
            var isClean = segment.NextOffset <= dirty;
            if (!isClean && (segment.NextOffset > facts.HighWatermark || IsTooYoung(segment))) break;
            uncleanable = segment.NextOffset;
            if (isClean)
            {
                cleanBytes += segment.Size;
                continue;
            }

            cleanableBytes += segment.Size;
            earliest = Math.Min(earliest, segment.FirstTimestamp >= 0 ? segment.FirstTimestamp : segment.LargestTimestamp);
        }

        var isOverdue = cleanableBytes > 0 && config.MaxCompactionLagMillis < long.MaxValue && facts.NowMillis - earliest > config.MaxCompactionLagMillis;
        return new CleanableRange(dirty, Math.Max(uncleanable, dirty), cleanBytes, cleanableBytes, isOverdue);

        // Without a lag no timestamp holds anything up, not even one in the future.
        bool IsTooYoung(CleaningSegment segment) => config.MinCompactionLagMillis > 0 && facts.NowMillis - segment.LargestTimestamp < config.MinCompactionLagMillis;
    }

    /// <summary>
    /// Neighbouring segments that become one: as many as fit in segment.bytes and the indexes, with offsets that 4 bytes can tell from
    /// the first one's base.
    /// </summary>
    /// <returns>The number of segments of each group.</returns>
    public static IReadOnlyList<int> Groups(IReadOnlyList<CleaningSegment> segments, LogConfig config)
    {
        var groups = new List<int>();
        for (var i = 0; i < segments.Count;)
        {
            var (first, size, index, count) = (segments[i], (long)segments[i].Size, (long)segments[i].IndexSize, 1);
            for (var j = i + 1; j < segments.Count; j++, count++)
            {
                size += segments[j].Size;
                index += segments[j].IndexSize;
                if (size > config.SegmentBytes || index > config.SegmentIndexBytes || segments[j].NextOffset - 1 - first.BaseOffset > int.MaxValue) break;
            }

            groups.Add(count);
            i += count;
        }

        return groups;
    }
}
