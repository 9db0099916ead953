using System;
using System.Buffers.Binary;
using Reference.Wire.Records;

namespace Reference.Broker.Storage;

/// <summary>
/// What the log needs of a batch's first 61 bytes; a plain value, unlike <see cref="RecordBatch"/>, so that it can be kept over an
/// await and read without the rest of the batch.
/// </summary>
internal readonly record struct BatchHeader(long BaseOffset, long LastOffset, int SizeInBytes, int LeaderEpoch, long BaseTimestamp, long MaxTimestamp, long ProducerId, short Attributes)
{
    public const int Size = RecordBatch.HeaderSize;

    /// <summary>Reads a header; null if the bytes cannot begin a batch v2.</summary>
    public static BatchHeader? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size || bytes[16] != RecordBatch.CurrentMagic) return null;
        var size = RecordBatches.PeekSize(bytes);
        var baseOffset = BinaryPrimitives.ReadInt64BigEndian(bytes);
        var delta = BinaryPrimitives.ReadInt32BigEndian(bytes[23..]);
        if (size is < Size or > int.MaxValue || baseOffset < 0 || delta < 0 || baseOffset > long.MaxValue - delta - 1) return null;
        return new BatchHeader(
            baseOffset,
            baseOffset + delta,
            (int)size,
            BinaryPrimitives.ReadInt32BigEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[27..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[35..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[43..]),
            BinaryPrimitives.ReadInt16BigEndian(bytes[21..]));
    }

    /// <summary>True for a batch of a transaction.</summary>
    public bool IsTransactional => (Attributes & 0x10) != 0;

    /// <summary>True for a batch with a commit or abort marker.</summary>
    public bool IsControl => (Attributes & 0x20) != 0;
}

/// <summary>Where a batch stands in its segment.</summary>
internal readonly record struct BatchPosition(long BaseOffset, long LastOffset, int Position, int Size);
