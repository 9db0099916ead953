using System;
using Reference.Wire.Records;

namespace Reference.Broker.Storage.Cleaning;

/// <summary>What compaction leaves of one batch; pure.</summary>
internal static class BatchCompaction
{
    /// <summary>
    /// The batch without superseded records, records without a key and tombstones past their horizon. A tombstone's horizon is set when it
    /// is compacted first: now plus delete.retention.ms (KIP-534), so that a reader that began before it sees it.
    /// </summary>
    /// <param name="bytes">The whole batch.</param>
    /// <param name="map">The latest offsets of keys.</param>
    /// <param name="end">From this offset on the map is not complete, and everything stays.</param>
    /// <param name="mustStay">Without records the header stays.</param>
    /// <param name="nowMillis">The wall clock.</param>
    /// <param name="deleteRetentionMillis">delete.retention.ms.</param>
    /// <returns>The same memory if nothing changes; empty if nothing is left.</returns>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> bytes, OffsetMap map, long end, bool mustStay, long nowMillis, long deleteRetentionMillis)
    {
        var batch = new RecordBatch(bytes.Span);
        if (batch.IsControl || batch.IsTransactional) return bytes;
        if (batch.RecordCount == 0) return mustStay ? bytes : default;
        var horizon = batch.DeleteHorizonMs;
        var (kept, tombstones) = (0, 0);
        foreach (var record in batch.Records())
        {
            if (!Stays(record)) continue;
            kept++;
            if (!record.HasValue) tombstones++;
        }

        if (kept == 0 && !mustStay) return default;
        var isNew = tombstones > 0 && horizon is null;
        if (kept == batch.RecordCount && !isNew) return bytes;
        return RecordBatchFilter.Filter(batch, Stays, isNew ? Later(nowMillis, deleteRetentionMillis) : null);

        bool Stays(Record record)
        {
            if (record.Offset >= end) return true;
            if (!record.HasKey || map.Find(record.Key) > record.Offset) return false;
            return record.HasValue || horizon is null || nowMillis < horizon;
        }
    }

    private static long Later(long nowMillis, long spanMillis) => spanMillis > long.MaxValue - nowMillis ? long.MaxValue : nowMillis + spanMillis;
}
