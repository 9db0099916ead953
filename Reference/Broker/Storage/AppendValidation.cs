using System;
using System.Collections.Generic;
using Reference.Wire;
using Reference.Wire.Records;

namespace Reference.Broker.Storage;

/// <summary>What a log demands of bytes before it appends them. Pure.</summary>
internal static class AppendValidation
{
    /// <summary>Checks what a producer sent, every record of it.</summary>
    /// <returns>The batches whose greatest timestamp is not what their header says; null if there are none.</returns>
    /// <exception cref="StorageException">Too large, corrupt, or contradicting the log's configuration.</exception>
    public static List<WrongMaxTimestamp>? CheckProduced(ReadOnlySpan<byte> bytes, LogConfig config, AppendOrigin origin, long nowMillis)
    {
        if (bytes.IsEmpty) throw new InvalidBatchException(RecordBatchProblem.TooShort, ErrorCode.InvalidRecord, "There is no record batch to append.");
        if (bytes.Length > config.SegmentBytes) throw new RecordBatchTooLargeException($"{bytes.Length} bytes to append at once exceed segment.bytes {config.SegmentBytes}.");
        List<WrongMaxTimestamp>? wrong = null;
        var position = 0;
        var batches = new RecordBatches(bytes);
        while (batches.MoveNext())
        {
            var batch = batches.Current;
            if (batch.SizeInBytes > config.MaxMessageBytes) throw new RecordTooLargeException($"A batch of {batch.SizeInBytes} bytes exceeds max.message.bytes {config.MaxMessageBytes}.");
            var maxTimestamp = batch.MaxTimestamp;
            var verdict = batch.IsControl ? RecordBatchValidator.ValidateEnvelope(batch.Bytes) : RecordBatchValidator.ValidateProduced(batch.Bytes, out maxTimestamp);
            if (!verdict.IsSound) throw new InvalidBatchException(verdict.Problem, verdict.ToErrorCode(), verdict.Detail);
            if (batch.IsControl && origin == AppendOrigin.Client) throw new InvalidBatchException(RecordBatchProblem.WrongProducerState, ErrorCode.InvalidRecord, "A client sent a control batch.");
            CheckTimestamps(batch, config, nowMillis);
            if (config.IsCompacted && !batch.IsControl) RequireKeys(batch);
            if (maxTimestamp != batch.MaxTimestamp) (wrong ??= []).Add(new WrongMaxTimestamp(position, batch.SizeInBytes, maxTimestamp));
            position += batch.SizeInBytes;
        }

        RequireComplete(batches);
        return wrong;
    }

    /// <summary>The whole batches of a fetch response, which must continue the log, with gaps where the leader's is compacted; a batch cut off at the end is left out.</summary>
    /// <exception cref="InvalidBatchException">A batch is corrupt.</exception>
    /// <exception cref="UnexpectedAppendOffsetException">A batch does not follow the one before.</exception>
    public static int CheckFetched(ReadOnlySpan<byte> bytes, long logEndOffset)
    {
        var expected = logEndOffset;
        var batches = new RecordBatches(bytes);
        while (batches.MoveNext())
        {
            var batch = batches.Current;
            var verdict = RecordBatchValidator.ValidateEnvelope(batch.Bytes);
            if (!verdict.IsSound) throw new InvalidBatchException(verdict.Problem, ErrorCode.CorruptMessage, verdict.Detail);
            if (BatchHeader.TryRead(batch.Bytes) is not { } header) throw new InvalidBatchException(RecordBatchProblem.WrongRecordCount, ErrorCode.CorruptMessage, "A batch has impossible offsets.");
            if (header.BaseOffset < expected) throw new UnexpectedAppendOffsetException(expected, header.BaseOffset, $"The log ends at {expected}, but the batch begins at {header.BaseOffset}.");
            expected = header.LastOffset + 1;
        }

        if (batches.End == BatchesEnd.Malformed) throw new InvalidBatchException(RecordBatchProblem.WrongMagic, ErrorCode.CorruptMessage, $"No record batch begins at byte {batches.Position}.");
        return batches.Position;
    }

    /// <summary>
    /// The epochs that begin in batches, beginning with one above <paramref name="latest"/>, each with the first offset that may be its own:
    /// what stood before its first batch may be compacted away, and is none of the epoch before as far as anybody here can tell
    /// (<see cref="EpochEndOffset.Reconcile"/>).
    /// </summary>
    public static List<EpochEntry>? NewEpochs(ReadOnlySpan<byte> bytes, int latest, long logEndOffset)
    {
        List<EpochEntry>? found = null;
        var end = logEndOffset;
        foreach (var batch in new RecordBatches(bytes))
        {
            if (batch.PartitionLeaderEpoch > latest)
            {
                latest = batch.PartitionLeaderEpoch;
                (found ??= []).Add(new EpochEntry(latest, end));
            }

            end = batch.NextOffset;
        }

        return found;
    }

    private static void RequireKeys(RecordBatch batch)
    {
        foreach (var record in batch.Records())
        {
            if (!record.HasKey) throw new InvalidBatchException(RecordBatchProblem.BadRecord, ErrorCode.InvalidRecord, "A record of a compacted topic has no key.");
        }
    }

    private static void RequireComplete(RecordBatches batches)
    {
        if (batches.End != BatchesEnd.Complete)
            throw new InvalidBatchException(RecordBatchProblem.WrongLength, ErrorCode.CorruptMessage, $"No whole record batch stands at byte {batches.Position}.");
    }

    private static void CheckTimestamps(RecordBatch batch, LogConfig config, long nowMillis)
    {
        if (config.MessageTimestampType == TimestampType.LogAppendTime) return;
        if (batch.TimestampType == TimestampType.LogAppendTime) throw new InvalidTimestampException("A producer must not send the timestamp type LogAppendTime.");
        if (config.MessageTimestampDifferenceMaxMillis == long.MaxValue || batch.IsControl) return;
        foreach (var record in batch.Records())
        {
            if (Int128.Abs((Int128)record.Timestamp - nowMillis) > config.MessageTimestampDifferenceMaxMillis)
                throw new InvalidTimestampException($"Timestamp {record.Timestamp} of offset delta {record.Offset - batch.BaseOffset} is more than {config.MessageTimestampDifferenceMaxMillis} ms from the broker's clock {nowMillis}.");
        }
    }
}

/// <summary>A batch whose header is wrong about its greatest timestamp, by which records are found and deleted.</summary>
/// <param name="Position">Where it begins in the bytes checked.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="MaxTimestamp">The greatest timestamp of its records, in milliseconds.</param>
internal readonly record struct WrongMaxTimestamp(int Position, int Size, long MaxTimestamp);
