using System;
using System.Buffers.Binary;
using Reference.Wire.Compression;

namespace Reference.Wire.Records;

/// <summary>
/// A view of a record batch v2 (KIP-98) over borrowed bytes: nothing is copied, nothing is checked but that the
/// header is there. <see cref="RecordBatchValidator"/> tells whether the content is sound.
/// </summary>
public readonly ref struct RecordBatch
{
    /// <summary>Bytes before the part that the length field counts: base offset and length.</summary>
    public const int LogOverhead = 12;

    /// <summary>Bytes before the first record.</summary>
    public const int HeaderSize = 61;

    /// <summary>The magic byte of this format.</summary>
    public const sbyte CurrentMagic = 2;

    /// <summary>"No producer id", "no leader epoch", "no timestamp".</summary>
    public const int None = -1;

    internal const int LengthAt = 8;
    internal const int LeaderEpochAt = 12;
    internal const int MagicAt = 16;
    internal const int CrcAt = 17;
    internal const int AttributesAt = 21;
    internal const int LastOffsetDeltaAt = 23;
    internal const int BaseTimestampAt = 27;
    internal const int MaxTimestampAt = 35;
    internal const int ProducerIdAt = 43;
    internal const int ProducerEpochAt = 51;
    internal const int BaseSequenceAt = 53;
    internal const int RecordCountAt = 57;

    internal const short CompressionMask = 0x07;
    internal const short LogAppendTimeFlag = 0x08;
    internal const short TransactionalFlag = 0x10;
    internal const short ControlFlag = 0x20;
    internal const short DeleteHorizonFlag = 0x40;

    /// <summary>Views a batch.</summary>
    /// <param name="bytes">The batch from its first byte; bytes after its end are cut off.</param>
    /// <exception cref="WireFormatException">Fewer bytes than a header, or than the length field claims.</exception>
    public RecordBatch(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
            throw new WireFormatException($"A record batch needs {HeaderSize} bytes, but {bytes.Length} are there.");
        var size = LogOverhead + (long)BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..]);
        if (size < HeaderSize || size > bytes.Length)
            throw new WireFormatException($"A record batch claims {size} bytes, but {bytes.Length} are there.");
        Bytes = bytes[..(int)size];
    }

    /// <summary>The whole batch.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Offset of the first record (of the batch as produced, even when compaction removed it).</summary>
    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(Bytes);

    /// <summary>Bytes after the length field.</summary>
    public int Length => BinaryPrimitives.ReadInt32BigEndian(Bytes[LengthAt..]);

    /// <summary>Bytes of the whole batch.</summary>
    public int SizeInBytes => Bytes.Length;

    /// <summary>Leader epoch in which the batch was appended; set by the broker, outside the checksum.</summary>
    public int PartitionLeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(Bytes[LeaderEpochAt..]);

    /// <summary>Format number.</summary>
    public sbyte Magic => unchecked((sbyte)Bytes[MagicAt]);

    /// <summary>Checksum stored.</summary>
    public uint Crc => BinaryPrimitives.ReadUInt32BigEndian(Bytes[CrcAt..]);

    /// <summary>Attribute bits.</summary>
    public short Attributes => BinaryPrimitives.ReadInt16BigEndian(Bytes[AttributesAt..]);

    /// <summary>Offset of the last record relative to the first.</summary>
    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(Bytes[LastOffsetDeltaAt..]);

    /// <summary>Timestamp of the first record in milliseconds, to which the others are relative.</summary>
    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(Bytes[BaseTimestampAt..]);

    /// <summary>Greatest timestamp, or the append time, in milliseconds.</summary>
    public long MaxTimestamp => BinaryPrimitives.ReadInt64BigEndian(Bytes[MaxTimestampAt..]);

    /// <summary>Producer id, or -1.</summary>
    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(Bytes[ProducerIdAt..]);

    /// <summary>Producer epoch, or -1.</summary>
    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(Bytes[ProducerEpochAt..]);

    /// <summary>Sequence number of the first record, or -1.</summary>
    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(Bytes[BaseSequenceAt..]);

    /// <summary>Records in the batch.</summary>
    public int RecordCount => BinaryPrimitives.ReadInt32BigEndian(Bytes[RecordCountAt..]);

    /// <summary>Offset of the last record.</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>Offset after the last record.</summary>
    public long NextOffset => LastOffset + 1;

    /// <summary>Sequence number of the last record, wrapping over at the greatest int; -1 without a producer id.</summary>
    public int LastSequence => BaseSequence < 0 ? None : unchecked(BaseSequence + LastOffsetDelta) & int.MaxValue;

    /// <summary>Compression of the records; numbers beyond the enum are possible in bad data.</summary>
    public CompressionType Compression => (CompressionType)(Attributes & CompressionMask);

    /// <summary>Who set the timestamps.</summary>
    public TimestampType TimestampType =>
        (Attributes & LogAppendTimeFlag) != 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime;

    /// <summary>True for a batch of a transaction.</summary>
    public bool IsTransactional => (Attributes & TransactionalFlag) != 0;

    /// <summary>True for a batch with a commit or abort marker.</summary>
    public bool IsControl => (Attributes & ControlFlag) != 0;

    /// <summary>When compaction may drop the batch's tombstones, in milliseconds (KIP-534); null before the first compaction. Stands in place of the base timestamp.</summary>
    public long? DeleteHorizonMs => (Attributes & DeleteHorizonFlag) != 0 ? BaseTimestamp : null;

    /// <summary>True when the batch comes from an idempotent or transactional producer.</summary>
    public bool HasProducerId => ProducerId >= 0;

    /// <summary>The bytes of the records, perhaps compressed.</summary>
    public ReadOnlySpan<byte> RecordData => Bytes[HeaderSize..];

    /// <summary>Checksum that the bytes have.</summary>
    public uint ComputeCrc() => Crc32C.Compute(Bytes[AttributesAt..]);

    /// <summary>Iterates the records, decompressing them first when needed.</summary>
    /// <exception cref="WireFormatException">The compressed bytes are corrupt (bad records throw while iterating).</exception>
    /// <exception cref="CodecUnavailableException">The library of the compression is not installed.</exception>
    public RecordEnumerator Records() => new(
        Compression == CompressionType.None ? RecordData : CompressionCodec.Decompress(Compression, RecordData),
        RecordCount,
        BaseOffset,
        BaseTimestamp,
        TimestampType == TimestampType.LogAppendTime ? MaxTimestamp : null);
}
