using System;

namespace Reference.Wire.Records.Legacy;

/// <summary>
/// Turns record batches v2 into a message set for an old fetcher: magic 0 for Fetch v0 and v1, magic 1 for v2 and v3.
/// Messages come out uncompressed and with their offsets; headers are lost, and control batches are left out, since
/// the old formats know neither.
/// </summary>
public static class DownConversion
{
    /// <summary>The greatest magic that a Fetch version can carry.</summary>
    public static sbyte MaxMagic(short fetchVersion) => fetchVersion switch
    {
        <= 1 => 0,
        <= 3 => 1,
        _ => RecordBatch.CurrentMagic,
    };

    /// <summary>Converts whole batches; a torn last one is dropped.</summary>
    /// <param name="batches">Record batches v2.</param>
    /// <param name="magic">0 or 1.</param>
    /// <param name="firstOffset">Records below it are left out: the offset fetched may lie within a batch.</param>
    /// <returns>A message set, empty when no record is left.</returns>
    /// <exception cref="WireFormatException">A stored batch is corrupt.</exception>
    public static ReadOnlyMemory<byte> Convert(ReadOnlySpan<byte> batches, sbyte magic, long firstOffset = 0)
    {
        if (magic is not (0 or 1))
            throw new ArgumentOutOfRangeException(nameof(magic), magic, "Only magic 0 and 1 are message sets.");
        var writer = new MessageSetWriter(magic);
        foreach (var batch in new RecordBatches(batches))
        {
            if (batch.IsControl)
                continue;
            foreach (var record in batch.Records())
            {
                if (record.Offset >= firstOffset)
                    writer.Append(record.Offset, record.Timestamp, batch.TimestampType, record.Key, record.HasKey, record.Value, record.HasValue);
            }
        }

        return writer.Written;
    }
}
