using System.Collections.Generic;

namespace Reference.Broker.Storage;

/// <summary>What retention looks at in a segment.</summary>
/// <param name="BaseOffset">Its first offset.</param>
/// <param name="NextOffset">The offset after its last: the base of the next segment.</param>
/// <param name="Size">Bytes.</param>
/// <param name="LargestTimestamp">Timestamp of its newest record, in milliseconds.</param>
public readonly record struct SegmentFacts(long BaseOffset, long NextOffset, int Size, long LargestTimestamp);

/// <summary>Which segments are no longer kept.</summary>
public static class RetentionDecision
{
    /// <summary>
    /// How many of the oldest segments go: those whose newest record is past <c>retention.ms</c>, or all below the log start offset,
    /// or as many as the log exceeds <c>retention.bytes</c> by; time and size count only if the cleanup policy deletes. None that reaches above the high watermark, and never an empty
    /// active one.
    /// </summary>
    public static int CountToDelete(IReadOnlyList<SegmentFacts> segments, LogConfig config, long logStartOffset, long highWatermark, long nowMillis)
    {
        long excess = 0;
        var bySize = config.IsDeleted && config.RetentionBytes >= 0;
        if (bySize)
        {
            excess = -config.RetentionBytes;
            foreach (var segment in segments) excess += segment.Size;
        }

        var count = 0;
        foreach (var segment in segments)
        {
            if (segment.NextOffset > highWatermark || segment.Size == 0) break;
            var isOld = config.IsDeleted && config.RetentionMillis >= 0 && nowMillis - segment.LargestTimestamp > config.RetentionMillis;
            var isSurplus = bySize && excess >= segment.Size;
            if (!isOld && !isSurplus && segment.NextOffset > logStartOffset) break;
            excess -= segment.Size;
            count++;
        }

        return count;
    }
}
