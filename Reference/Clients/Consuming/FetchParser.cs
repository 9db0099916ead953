using System;
using System.Collections.Generic;
using System.Text;
using Reference.Wire;
using Reference.Wire.Compression;
using Reference.Wire.Records;

namespace Reference.Clients.Consuming;

/// <summary>Reads the batches of one partition out of a fetch's answer into its buffer.</summary>
internal static class FetchParser
{
    /// <summary>Buffers all records from the position on. A batch cut off at the end is left for the next fetch.</summary>
    /// <exception cref="KafkaException">CorruptMessage, or a compression that is not available here.</exception>
    public static void Buffer(PartitionState state, ReadOnlyMemory<byte> bytes, bool checkCrcs)
    {
        state.AfterBuffered = (state.Position, state.PositionEpoch);
        var batches = new RecordBatches(bytes.Span);
        try
        {
            while (batches.MoveNext())
            {
                var batch = batches.Current;
                if (checkCrcs && RecordBatchValidator.ValidateEnvelope(batch.Bytes) is { IsSound: false } verdict)
                    throw Corrupt(state.Partition, batch.BaseOffset, verdict.Detail);
                if (batch.NextOffset <= state.Position) continue;
                if (!batch.IsControl) BufferRecords(state, batch);
                state.AfterBuffered = (batch.NextOffset, batch.PartitionLeaderEpoch);
            }
        }
        catch (WireFormatException e)
        {
            throw Corrupt(state.Partition, state.AfterBuffered.Offset, e.Message);
        }
        catch (CodecUnavailableException e)
        {
            throw new KafkaException(ErrorCode.UnsupportedCompressionType, $"Records of {state.Partition} cannot be read: {e.Message}", inner: e);
        }

        if (batches.End == BatchesEnd.Malformed) throw Corrupt(state.Partition, state.AfterBuffered.Offset, "what follows is no record batch v2.");
    }

    private static void BufferRecords(PartitionState state, RecordBatch batch)
    {
        foreach (var record in batch.Records())
        {
            if (record.Offset < state.Position) continue;
            state.Buffered.Enqueue(new ConsumerRecord(
                state.Partition.Topic,
                state.Partition.Partition,
                record.Offset,
                record.Timestamp,
                batch.TimestampType,
                OrNull(record.HasKey, record.Key),
                OrNull(record.HasValue, record.Value),
                Headers(record),
                batch.PartitionLeaderEpoch));
        }
    }

    private static IReadOnlyList<RecordHeader> Headers(Record record)
    {
        if (record.Headers.Count == 0) return [];
        var headers = new List<RecordHeader>(record.Headers.Count);
        foreach (var header in record.Headers)
            headers.Add(new RecordHeader(Encoding.UTF8.GetString(header.Key), OrNull(header.HasValue, header.Value)));
        return headers;
    }

    // A bare null beside an array or a memory would become an empty memory, which is another thing: a tombstone has no value.
    private static ReadOnlyMemory<byte>? OrNull(bool isThere, ReadOnlySpan<byte> bytes) => isThere ? bytes.ToArray() : (ReadOnlyMemory<byte>?)null;

    private static KafkaException Corrupt(TopicPartition partition, long offset, string detail) =>
        new(ErrorCode.CorruptMessage, $"The batch of {partition} at offset {offset} is corrupt: {detail} Seek beyond it to go on.");
}
