using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Reference.Wire.Compression;

namespace Reference.Wire.Records;

/// <summary>Builds one record batch v2, record by record.</summary>
/// <param name="compression">Compression applied by <see cref="Build"/>.</param>
public sealed class RecordBatchBuilder(CompressionType compression = CompressionType.None)
{
    private readonly ArrayBufferWriter<byte> _records = new(256);
    private long _baseTimestamp = RecordBatch.None;
    private long _maxTimestamp = RecordBatch.None;

    /// <summary>Records so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the batch so far, before compression.</summary>
    public int SizeInBytes => RecordBatch.HeaderSize + _records.WrittenCount;

    /// <summary>Offset of the first record; a broker overwrites it.</summary>
    public long BaseOffset { get; set; }

    /// <summary>Leader epoch; a broker overwrites it.</summary>
    public int PartitionLeaderEpoch { get; set; } = RecordBatch.None;

    /// <summary>Producer id, or -1.</summary>
    public long ProducerId { get; set; } = RecordBatch.None;

    /// <summary>Producer epoch, or -1.</summary>
    public short ProducerEpoch { get; set; } = RecordBatch.None;

    /// <summary>Sequence number of the first record, or -1.</summary>
    public int BaseSequence { get; set; } = RecordBatch.None;

    /// <summary>Marks a batch of a transaction.</summary>
    public bool IsTransactional { get; set; }

    /// <summary>Marks a batch of control records.</summary>
    public bool IsControl { get; set; }

    /// <summary>Upper bound of the bytes that a record would add.</summary>
    public static int EstimateRecordSize(ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, IReadOnlyList<RecordHeader>? headers = null)
    {
        const int lengthDeltasAndAttributes = 5 + 10 + 5 + 1;
        return lengthDeltasAndAttributes + WireSize.Varint(int.MaxValue) + BodySize(key, value, headers);
    }

    /// <summary>Appends a record at the next offset.</summary>
    /// <param name="timestampMs">Timestamp in milliseconds.</param>
    /// <param name="key">Key, or null.</param>
    /// <param name="value">Value, or null.</param>
    /// <param name="headers">Headers, or null for none.</param>
    public void Append(long timestampMs, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, IReadOnlyList<RecordHeader>? headers = null)
    {
        if (Count == 0)
            _baseTimestamp = timestampMs;
        _maxTimestamp = Math.Max(_maxTimestamp, timestampMs);
        var timestampDelta = timestampMs - _baseTimestamp;
        var size = 1 + WireSize.Varlong(timestampDelta) + WireSize.Varint(Count) + BodySize(key, value, headers);
        var span = _records.GetSpan(size + 5);
        var at = VarintWriter.Write(span, size);
        span[at++] = 0;
        at += VarintWriter.Write(span[at..], timestampDelta);
        at += VarintWriter.Write(span[at..], Count);
        at += WriteBytes(span[at..], key);
        at += WriteBytes(span[at..], value);
        at += VarintWriter.Write(span[at..], headers?.Count ?? 0);
        for (var i = 0; i < (headers?.Count ?? 0); i++)
            at += WriteHeader(span[at..], headers![i]);
        _records.Advance(at);
        Count++;
    }

    /// <summary>The finished batch with its checksum.</summary>
    /// <exception cref="InvalidOperationException">The batch is empty.</exception>
    /// <exception cref="CodecUnavailableException">The library of the compression is not installed.</exception>
    public byte[] Build()
    {
        if (Count == 0)
            throw new InvalidOperationException("A record batch needs at least one record.");
        var records = compression == CompressionType.None
            ? _records.WrittenSpan
            : CompressionCodec.For(compression).Compress(_records.WrittenSpan);
        var batch = new byte[RecordBatch.HeaderSize + records.Length];
        records.CopyTo(batch.AsSpan(RecordBatch.HeaderSize));
        WriteHeader(batch);
        RecordBatchPatch.RenewCrc(batch);
        return batch;
    }

    private void WriteHeader(Span<byte> batch)
    {
        var attributes = (int)compression
            | (IsTransactional ? RecordBatch.TransactionalFlag : 0)
            | (IsControl ? RecordBatch.ControlFlag : 0);
        BinaryPrimitives.WriteInt64BigEndian(batch, BaseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.LengthAt..], batch.Length - RecordBatch.LogOverhead);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.LeaderEpochAt..], PartitionLeaderEpoch);
        batch[RecordBatch.MagicAt] = (byte)RecordBatch.CurrentMagic;
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatch.AttributesAt..], (short)attributes);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.LastOffsetDeltaAt..], Count - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatch.BaseTimestampAt..], _baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatch.MaxTimestampAt..], _maxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatch.ProducerIdAt..], ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatch.ProducerEpochAt..], ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.BaseSequenceAt..], BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatch.RecordCountAt..], Count);
    }

    private static int BodySize(ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, IReadOnlyList<RecordHeader>? headers)
    {
        var size = BytesSize(key) + BytesSize(value) + WireSize.Varint(headers?.Count ?? 0);
        for (var i = 0; i < (headers?.Count ?? 0); i++)
        {
            var name = Encoding.UTF8.GetByteCount(headers![i].Key);
            size += WireSize.Varint(name) + name + BytesSize(headers[i].Value);
        }

        return size;
    }

    private static int BytesSize(ReadOnlyMemory<byte>? bytes) =>
        WireSize.Varint(bytes?.Length ?? -1) + (bytes?.Length ?? 0);

    private static int WriteBytes(Span<byte> destination, ReadOnlyMemory<byte>? bytes)
    {
        var at = VarintWriter.Write(destination, bytes?.Length ?? -1);
        if (bytes is not { } present)
            return at;
        present.Span.CopyTo(destination[at..]);
        return at + present.Length;
    }

    private static int WriteHeader(Span<byte> destination, RecordHeader header)
    {
        var at = VarintWriter.Write(destination, Encoding.UTF8.GetByteCount(header.Key));
        at += Encoding.UTF8.GetBytes(header.Key, destination[at..]);
        return at + WriteBytes(destination[at..], header.Value);
    }
}
