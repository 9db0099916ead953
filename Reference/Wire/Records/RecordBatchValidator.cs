using System;
using Reference.Wire.Compression;

namespace Reference.Wire.Records;

/// <summary>Checks record batches and names what is wrong. Never throws on bad data.</summary>
public static class RecordBatchValidator
{
    /// <summary>
    /// Checks what every batch must satisfy, in a log, a fetch response or a produce request: length, magic and
    /// checksum. Allocates nothing.
    /// </summary>
    /// <param name="bytes">Exactly one batch.</param>
    public static RecordBatchVerdict ValidateEnvelope(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < RecordBatch.HeaderSize)
            return Bad(RecordBatchProblem.TooShort, $"{bytes.Length} bytes are fewer than the {RecordBatch.HeaderSize} of a header.");
        if (bytes[RecordBatch.MagicAt] != RecordBatch.CurrentMagic)
            return Bad(RecordBatchProblem.WrongMagic, $"Magic {unchecked((sbyte)bytes[RecordBatch.MagicAt])} is not {RecordBatch.CurrentMagic}.");
        var size = RecordBatches.PeekSize(bytes);
        if (size != bytes.Length)
            return Bad(RecordBatchProblem.WrongLength, $"The batch claims {size} bytes, but {bytes.Length} are there.");
        var batch = new RecordBatch(bytes);
        var crc = batch.ComputeCrc();
        return crc == batch.Crc
            ? RecordBatchVerdict.Sound
            : Bad(RecordBatchProblem.WrongCrc, $"The checksum is {crc:x8}, but {batch.Crc:x8} is stored.");
    }

    /// <summary>
    /// Checks a batch that a producer sent: its envelope, its header fields and every record inside, decompressing
    /// them if need be.
    /// </summary>
    /// <param name="bytes">Exactly one batch.</param>
    public static RecordBatchVerdict ValidateProduced(ReadOnlySpan<byte> bytes) => ValidateProduced(bytes, out _);

    /// <summary>The same, and what the batch's greatest timestamp should say: its header is the producer's word only.</summary>
    /// <param name="bytes">Exactly one batch.</param>
    /// <param name="maxTimestamp">Greatest timestamp of the records in milliseconds; -1 if none has one.</param>
    public static RecordBatchVerdict ValidateProduced(ReadOnlySpan<byte> bytes, out long maxTimestamp)
    {
        maxTimestamp = RecordBatch.None;
        var envelope = ValidateEnvelope(bytes);
        if (!envelope.IsSound)
            return envelope;
        var batch = new RecordBatch(bytes);
        if (batch.RecordCount <= 0 || batch.LastOffsetDelta != batch.RecordCount - 1)
            return Bad(RecordBatchProblem.WrongRecordCount, $"{batch.RecordCount} records contradict the last offset delta {batch.LastOffsetDelta}.");
        if (batch.Compression > CompressionType.Zstd)
            return Bad(RecordBatchProblem.UnknownCompression, $"Compression {(int)batch.Compression} does not exist.");
        if (!HasConsistentProducerState(batch))
            return Bad(RecordBatchProblem.WrongProducerState, $"Producer id {batch.ProducerId}, epoch {batch.ProducerEpoch} and sequence {batch.BaseSequence} do not fit together.");
        return ValidateRecords(batch, ref maxTimestamp);
    }

    /// <summary>Either producer id, epoch and sequence are all there, or none of them and no transaction.</summary>
    private static bool HasConsistentProducerState(RecordBatch batch) => batch.HasProducerId
        ? batch.ProducerEpoch >= 0 && (batch.BaseSequence >= 0 || batch.IsControl)
        : !batch.IsTransactional && batch.ProducerEpoch < 0 && batch.BaseSequence < 0;

    private static RecordBatchVerdict ValidateRecords(RecordBatch batch, ref long maxTimestamp)
    {
        RecordEnumerator records;
        try
        {
            records = batch.Records();
        }
        catch (CodecUnavailableException missing)
        {
            return Bad(RecordBatchProblem.CompressionUnavailable, missing.Message);
        }
        catch (WireFormatException corrupt)
        {
            return Bad(RecordBatchProblem.BadCompression, corrupt.Message);
        }

        var index = 0;
        try
        {
            for (; records.MoveNext(); index++)
            {
                if (records.OffsetDelta != index)
                    return new RecordBatchVerdict(RecordBatchProblem.WrongOffsetDelta, index, $"Record {index} has offset delta {records.OffsetDelta}.");
                maxTimestamp = Math.Max(maxTimestamp, records.Current.Timestamp);
            }
        }
        catch (WireFormatException corrupt)
        {
            return new RecordBatchVerdict(RecordBatchProblem.BadRecord, index, corrupt.Message);
        }

        return RecordBatchVerdict.Sound;
    }

    private static RecordBatchVerdict Bad(RecordBatchProblem problem, string detail) => new(problem, -1, detail);
}
