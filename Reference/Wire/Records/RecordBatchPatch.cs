using System;
using System.Buffers.Binary;

namespace Reference.Wire.Records;

/// <summary>Changes that a broker makes to a produced batch in place, before it is appended.</summary>
public static class RecordBatchPatch
{
    /// <summary>Sets the base offset; it lies outside the checksum.</summary>
    public static void SetBaseOffset(Span<byte> batch, long baseOffset) =>
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);

    /// <summary>Sets the leader epoch; it lies outside the checksum.</summary>
    public static void SetPartitionLeaderEpoch(Span<byte> batch, int leaderEpoch) =>
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.LeaderEpochAt..], leaderEpoch);

    /// <summary>Marks the batch with the broker's append time and renews the checksum.</summary>
    /// <param name="batch">The whole batch and nothing more.</param>
    /// <param name="timestampMs">Append time in milliseconds.</param>
    public static void SetLogAppendTime(Span<byte> batch, long timestampMs)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[RecordBatch.AttributesAt..]);
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatch.AttributesAt..], (short)(attributes | RecordBatch.LogAppendTimeFlag));
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatch.MaxTimestampAt..], timestampMs);
        RenewCrc(batch);
    }

    /// <summary>Sets the greatest timestamp and renews the checksum.</summary>
    /// <param name="batch">The whole batch and nothing more.</param>
    /// <param name="timestampMs">Greatest timestamp of its records in milliseconds.</param>
    public static void SetMaxTimestamp(Span<byte> batch, long timestampMs)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatch.MaxTimestampAt..], timestampMs);
        RenewCrc(batch);
    }

    /// <summary>Computes and stores the checksum.</summary>
    /// <param name="batch">The whole batch and nothing more.</param>
    public static void RenewCrc(Span<byte> batch) => BinaryPrimitives.WriteUInt32BigEndian(
        batch[RecordBatch.CrcAt..],
        Crc32C.Compute(batch[RecordBatch.AttributesAt..]));
}
