using Reference.Wire.Records;

namespace Reference.Broker.Storage;

/// <summary>A record found by time.</summary>
/// <param name="Timestamp">Its timestamp in milliseconds.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="LeaderEpoch">The leader epoch in which it was appended.</param>
public readonly record struct TimestampOffset(long Timestamp, long Offset, int LeaderEpoch)
{
    /// <summary>The first record of a batch that is late enough, decompressing it if need be; null if there is none.</summary>
    internal static TimestampOffset? Find(RecordBatch batch, long timestamp, long startOffset)
    {
        foreach (var record in batch.Records())
        {
            if (record.Timestamp >= timestamp && record.Offset >= startOffset) return new TimestampOffset(record.Timestamp, record.Offset, batch.PartitionLeaderEpoch);
        }

        return null;
    }
}
