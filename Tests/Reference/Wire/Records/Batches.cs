using System;
using System.Collections.Generic;
using System.Text;
using Reference.Wire;
using Reference.Wire.Records;

namespace Tests.Reference.Wire.Records;

/// <summary>A record copied out of a batch, to be compared by value.</summary>
internal sealed record CopiedRecord(long Offset, long Timestamp, string? Key, string? Value, string Headers);

/// <summary>Small batches for tests.</summary>
internal static class Batches
{
    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static RecordBatchBuilder Builder(int count, CompressionType compression = CompressionType.None)
    {
        var builder = new RecordBatchBuilder(compression);
        for (var i = 0; i < count; i++)
            builder.Append(1000 + i, Bytes($"k{i}"), Bytes($"value {i} {new string('z', i)}"));
        return builder;
    }

    public static byte[] Build(int count, CompressionType compression = CompressionType.None) => Builder(count, compression).Build();

    public static List<CopiedRecord> Copy(ReadOnlySpan<byte> batch)
    {
        var copies = new List<CopiedRecord>();
        foreach (var record in new RecordBatch(batch).Records())
            copies.Add(Copy(record));
        return copies;
    }

    public static CopiedRecord Copy(Record record)
    {
        var headers = new StringBuilder();
        foreach (var header in record.Headers)
        {
            headers.Append(Encoding.UTF8.GetString(header.Key)).Append('=');
            headers.Append(header.HasValue ? Encoding.UTF8.GetString(header.Value) : "null").Append(';');
        }

        return new CopiedRecord(
            record.Offset,
            record.Timestamp,
            record.HasKey ? Encoding.UTF8.GetString(record.Key) : null,
            record.HasValue ? Encoding.UTF8.GetString(record.Value) : null,
            headers.ToString());
    }
}
