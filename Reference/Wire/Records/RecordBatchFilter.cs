using System;
using System.Buffers;
using System.Buffers.Binary;
using Reference.Wire.Compression;

namespace Reference.Wire.Records;

/// <summary>Decides whether a record stays.</summary>
public delegate bool RecordRetention(Record record);

/// <summary>Takes records out of a batch, as compaction does.</summary>
public static class RecordBatchFilter
{
    /// <summary>
    /// A copy of a batch with those of its records that stay. Base offset, last offset delta, leader epoch, producer and sequence are
    /// kept, so that offsets and sequences go on where they did; without any record left the batch is a header alone.
    /// </summary>
    /// <param name="batch">A sound batch.</param>
    /// <param name="stays">Asked once for each record.</param>
    /// <param name="deleteHorizonMs">The delete horizon to set, which takes the place of the base timestamp; null keeps what is there.</param>
    /// <exception cref="WireFormatException">The batch is corrupt.</exception>
    /// <exception cref="CodecUnavailableException">The library of the compression is not installed.</exception>
    public static byte[] Filter(RecordBatch batch, RecordRetention stays, long? deleteHorizonMs = null)
    {
        var data = batch.Compression == CompressionType.None ? batch.RecordData : CompressionCodec.Decompress(batch.Compression, batch.RecordData);
        var appendTime = batch.TimestampType == TimestampType.LogAppendTime ? batch.MaxTimestamp : (long?)null;
        var records = new RecordEnumerator(data, batch.RecordCount, batch.BaseOffset, batch.BaseTimestamp, appendTime);
        var kept = new ArrayBufferWriter<byte>(Math.Max(data.Length, 1));
        var baseTimestamp = deleteHorizonMs ?? batch.BaseTimestamp;
        var (count, maxTimestamp, position) = (0, (long)RecordBatch.None, 0);
        while (records.MoveNext())
        {
            var raw = RawRecord(data, ref position);
            if (!stays(records.Current)) continue;
            count++;
            maxTimestamp = Math.Max(maxTimestamp, records.Current.Timestamp);
            Copy(raw, batch.BaseTimestamp - baseTimestamp, kept);
        }

        var compression = count == 0 ? CompressionType.None : batch.Compression;
        var body = compression == CompressionType.None ? kept.WrittenSpan : CompressionCodec.For(compression).Compress(kept.WrittenSpan);
        var filtered = new byte[RecordBatch.HeaderSize + body.Length];
        batch.Bytes[..RecordBatch.HeaderSize].CopyTo(filtered);
        body.CopyTo(filtered.AsSpan(RecordBatch.HeaderSize));
        var attributes = (batch.Attributes & ~RecordBatch.CompressionMask) | (int)compression | (deleteHorizonMs is null ? 0 : RecordBatch.DeleteHorizonFlag);
        BinaryPrimitives.WriteInt32BigEndian(filtered.AsSpan(RecordBatch.LengthAt), filtered.Length - RecordBatch.LogOverhead);
        BinaryPrimitives.WriteInt16BigEndian(filtered.AsSpan(RecordBatch.AttributesAt), (short)attributes);
        BinaryPrimitives.WriteInt64BigEndian(filtered.AsSpan(RecordBatch.BaseTimestampAt), baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(filtered.AsSpan(RecordBatch.MaxTimestampAt), count == 0 ? batch.MaxTimestamp : maxTimestamp);
        BinaryPrimitives.WriteInt32BigEndian(filtered.AsSpan(RecordBatch.RecordCountAt), count);
        RecordBatchPatch.RenewCrc(filtered);
        return filtered;
    }

    /// <summary>A record's bytes after its length.</summary>
    private static ReadOnlySpan<byte> RawRecord(ReadOnlySpan<byte> data, ref int position)
    {
        var reader = new VarintReader(data[position..]);
        var body = reader.Take(reader.ReadLength("body"));
        position += reader.Position;
        return body;
    }

    /// <summary>Writes a record with its timestamp delta moved.</summary>
    private static void Copy(ReadOnlySpan<byte> body, long timestampShift, ArrayBufferWriter<byte> kept)
    {
        var reader = new VarintReader(body);
        var attributes = reader.ReadByte();
        var delta = reader.ReadVarlong() + timestampShift;
        var rest = body[reader.Position..];
        var size = 1 + WireSize.Varlong(delta) + rest.Length;
        var span = kept.GetSpan(size + 5);
        var at = VarintWriter.Write(span, size);
        span[at++] = attributes;
        at += VarintWriter.Write(span[at..], delta);
        rest.CopyTo(span[at..]);
        kept.Advance(at + rest.Length);
    }
}
