using System;
using Reference.Wire.Compression;

namespace Reference.Wire.Records.Legacy;

/// <summary>What up-conversion gave.</summary>
/// <param name="Batch">One record batch v2, or null when the message set is refused.</param>
/// <param name="Verdict">What is wrong with the message set.</param>
public readonly record struct UpConverted(byte[]? Batch, RecordBatchVerdict Verdict);

/// <summary>
/// Turns a message set of an old producer (Produce v0 to v2) into one record batch v2 with the same compression.
/// Every message is checked on the way. Offsets start at 0, since the broker assigns its own.
/// </summary>
public static class UpConversion
{
    /// <summary>Converts; never throws on bad data.</summary>
    /// <param name="messageSet">Whole entries of magic 0 or 1.</param>
    public static UpConverted Convert(ReadOnlySpan<byte> messageSet)
    {
        try
        {
            var builder = new RecordBatchBuilder(CompressionOf(messageSet));
            foreach (var message in new MessageSet(messageSet))
            {
                var verdict = AppendEntry(builder, message);
                if (!verdict.IsSound)
                    return new UpConverted(null, verdict);
            }

            return builder.Count == 0
                ? Refuse(RecordBatchProblem.WrongRecordCount, "The message set is empty.")
                : new UpConverted(builder.Build(), RecordBatchVerdict.Sound);
        }
        catch (CodecUnavailableException missing)
        {
            return Refuse(RecordBatchProblem.CompressionUnavailable, missing.Message);
        }
        catch (WireFormatException corrupt)
        {
            return Refuse(RecordBatchProblem.BadRecord, corrupt.Message);
        }
    }

    private static RecordBatchVerdict AppendEntry(RecordBatchBuilder builder, LegacyMessage message)
    {
        if (message.Compression == CompressionType.None)
            return Append(builder, message, null);
        if (message.Compression >= CompressionType.Zstd)
            return Bad(builder, RecordBatchProblem.UnknownCompression, $"A message set cannot be compressed with {message.Compression}.");
        if (message.ComputeCrc() != message.Crc)
            return WrongCrc(builder, message);

        ReadOnlySpan<byte> compressed = message.Magic == 0 && message.Compression == CompressionType.Lz4
            ? Lz4Magic0.Repair(message.Value)
            : message.Value;
        long? appendTime = message.TimestampType == TimestampType.LogAppendTime ? message.Timestamp : null;
        foreach (var inner in new MessageSet(CompressionCodec.Decompress(message.Compression, compressed)))
        {
            if (inner.Compression != CompressionType.None || inner.Magic != message.Magic)
                return Bad(builder, RecordBatchProblem.BadRecord, "A message inside a compressed one is compressed again or has another magic.");
            var verdict = Append(builder, inner, appendTime);
            if (!verdict.IsSound)
                return verdict;
        }

        return RecordBatchVerdict.Sound;
    }

    private static RecordBatchVerdict Append(RecordBatchBuilder builder, LegacyMessage message, long? appendTime)
    {
        if (message.ComputeCrc() != message.Crc)
            return WrongCrc(builder, message);
        builder.Append(
            appendTime ?? message.Timestamp,
            message.HasKey ? new ReadOnlyMemory<byte>(message.Key.ToArray()) : default(ReadOnlyMemory<byte>?),
            message.HasValue ? new ReadOnlyMemory<byte>(message.Value.ToArray()) : default(ReadOnlyMemory<byte>?));
        return RecordBatchVerdict.Sound;
    }

    /// <summary>The compression of the first wrapper, so that what came compressed is kept compressed.</summary>
    private static CompressionType CompressionOf(ReadOnlySpan<byte> messageSet)
    {
        foreach (var message in new MessageSet(messageSet))
        {
            if (message.Compression is > CompressionType.None and < CompressionType.Zstd)
                return message.Compression;
        }

        return CompressionType.None;
    }

    private static RecordBatchVerdict WrongCrc(RecordBatchBuilder builder, LegacyMessage message) =>
        Bad(builder, RecordBatchProblem.WrongCrc, $"The checksum is {message.ComputeCrc():x8}, but {message.Crc:x8} is stored.");

    private static RecordBatchVerdict Bad(RecordBatchBuilder builder, RecordBatchProblem problem, string detail) =>
        new(problem, builder.Count, detail);

    private static UpConverted Refuse(RecordBatchProblem problem, string detail) =>
        new(null, new RecordBatchVerdict(problem, -1, detail));
}
