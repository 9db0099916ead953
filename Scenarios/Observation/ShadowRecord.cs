using Reference.Wire.Records;

namespace Scenarios.Observation;

/// <summary>A record as a checker knows it; the default is a hole.</summary>
/// <param name="Identity">Equal for equal records of one leader epoch; 0 for a hole.</param>
/// <param name="Key">A hash of its key; 0 without one, or where keys do not matter.</param>
/// <param name="IsTombstone">True if it deletes its key.</param>
/// <param name="TimestampMillis">Its timestamp; of one that is known by its batch, the batch's latest.</param>
public readonly record struct ShadowRecord(ulong Identity, ulong Key = 0, bool IsTombstone = false, long TimestampMillis = 0)
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>False for a hole.</summary>
    public bool IsHeld => Identity != 0;

    /// <summary>The leader epoch of one that is known by its batch.</summary>
    public int EpochOfBatch => (int)(Identity >> 32) & int.MaxValue;

    /// <summary>A record known by its batch, whose bytes replicas copy unchanged.</summary>
    public static ShadowRecord OfBatch(RecordBatch batch) => new(((ulong)(uint)batch.PartitionLeaderEpoch << 32) | batch.Crc | (1UL << 63), TimestampMillis: batch.MaxTimestamp);

    /// <summary>A record known by what is in it: compaction writes batches anew.</summary>
    public static ShadowRecord Of(int leaderEpoch, Record record)
    {
        var key = record.HasKey ? Mix(Offset, record.Key) | 1 : 0;
        var identity = Mix(Mix((Mix(Offset, record.Value) * Prime) ^ key, record.Timestamp), leaderEpoch);
        foreach (var header in record.Headers) identity = Mix(identity, header.Value);
        return new ShadowRecord(identity | 1, key, !record.HasValue, record.Timestamp);
    }

    private static ulong Mix(ulong hash, System.ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes) hash = (hash ^ one) * Prime;
        return hash;
    }

    private static ulong Mix(ulong hash, long number)
    {
        for (var shift = 0; shift < 64; shift += 8) hash = (hash ^ (byte)(number >> shift)) * Prime;
        return hash;
    }
}
