using System;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>What a read found.</summary>
/// <param name="Slice">The batches from the one that holds the offset asked for; empty if there are none yet.</param>
/// <param name="HighWatermark">The high watermark when the read began.</param>
/// <param name="LogStartOffset">The log's start when the read began.</param>
/// <param name="LogEndOffset">The log's end when the read began.</param>
public readonly record struct LogRead(LogSlice Slice, long HighWatermark, long LogStartOffset, long LogEndOffset);

/// <content>Reading.</content>
public sealed partial class PartitionLog
{
    private static readonly TimeSpan s_coldLookup = TimeSpan.FromMilliseconds(50); // as where the place is not cached, and the disk is busy

    /// <summary>
    /// Finds the batches from an offset on, of one segment, up to a byte limit. The bound is computed once, when the read is
    /// called: nothing appended meanwhile comes into view.
    /// </summary>
    /// <param name="offset">First offset wanted; the first batch may begin before it.</param>
    /// <param name="maxBytes">Byte limit.</param>
    /// <param name="isolation">How far the reader may see.</param>
    /// <param name="minOneBatch">Give the first batch whole even if it exceeds the limit.</param>
    /// <exception cref="OffsetOutOfRangeException">Below the log's start or above its end.</exception>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public LoopTask<LogRead> Read(long offset, int maxBytes, FetchIsolation isolation, bool minOneBatch = false) =>
        ReadUpTo(offset, maxBytes, isolation == FetchIsolation.LogEnd ? LogEndOffset : HighWatermark, minOneBatch);

    /// <summary>The same up to a bound that the caller chose, at most the log's end.</summary>
    /// <inheritdoc cref="Read"/>
    public async LoopTask<LogRead> ReadUpTo(long offset, int maxBytes, long upperBound, bool minOneBatch = false)
    {
        EnsureUsable();
        var facts = new LogRead(LogSlice.Empty, HighWatermark, LogStartOffset, LogEndOffset);
        if (offset < LogStartOffset || offset > LogEndOffset)
            throw new OffsetOutOfRangeException($"Offset {offset} of {Partition} is outside [{LogStartOffset}, {LogEndOffset}].");
        var bound = Math.Min(upperBound, LogEndOffset);
        return offset >= bound ? facts : facts with { Slice = await _directory.Guard(Slice(offset, maxBytes, bound, minOneBatch)) };
    }

    /// <summary>
    /// The first record whose timestamp is not below <paramref name="timestamp"/> and whose offset is below
    /// <paramref name="upperBound"/>; null if there is none.
    /// </summary>
    /// <exception cref="LogDirFailureException">The disk failed.</exception>
    public async LoopTask<TimestampOffset?> OffsetForTimestamp(long timestamp, long upperBound)
    {
        EnsureUsable();
        var start = LogStartOffset;
        for (var segment = FloorSegment(start); segment is not null && segment.BaseOffset < upperBound; segment = _segments.After(segment))
        {
            if (segment.MaxTimestamp < timestamp) continue;
            var found = await _directory.Guard(segment.FindTimestamp(timestamp, start, segment.Size));
            if (found is { } record) return record.Offset < upperBound ? record : null;
        }

        return null;
    }

    private async LoopTask<LogSlice> Slice(long offset, int maxBytes, long bound, bool minOneBatch)
    {
        for (var segment = FloorSegment(offset); segment is not null && segment.BaseOffset < bound; segment = _segments.After(segment))
        {
            var size = segment.Size;
            var coversAll = bound >= segment.NextOffset;
            if (_node.Buggify("log-read-yields")) await _node.Clock.Delay(s_coldLookup);
            if (await segment.Find(offset, size) is not { } first) continue; // compacted away up to the next segment
            var boundPosition = coversAll ? size : (await segment.Find(bound, size))?.Position ?? size;
            var limit = minOneBatch ? Math.Max(maxBytes, first.Size) : maxBytes;
            var requestedEnd = (int)Math.Min((long)first.Position + limit, boundPosition);
            var end = _decisions.SliceEnd(requestedEnd, size, segment.Size);
            return end > first.Position ? new LogSlice(segment.File, first.Position, end - first.Position) : LogSlice.Empty;
        }

        return LogSlice.Empty;
    }

    private LogSegment? FloorSegment(long offset) => _segments.FloorIndex(offset) is >= 0 and var index ? _segments[index] : null;
}
