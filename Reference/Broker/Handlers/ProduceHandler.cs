using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Reference.Broker.Replication;
using Reference.Broker.Storage;
using Reference.Rpc;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Records;
using Reference.Wire.Records.Legacy;
using Simulator.Platform;
using PartitionResponse = Reference.Wire.Messages.ProduceResponse.PartitionProduceResponse;

namespace Reference.Broker.Handlers;

/// <summary>
/// Produce: appends record batches. acks=0 is not answered, acks=1 when the leader has written, acks=-1 when the ISR has too.
/// </summary>
/// <remarks>
/// v0-v2 carry message sets of magic 0 or 1, which are up-converted; v3 one record batch a partition; v7 allows zstd. Batches are kept as they
/// were sent, compressed or not. Transactions do not exist yet: a transactional id is refused.
/// </remarks>
public sealed class ProduceHandler(BrokerServices services) : RequestHandler<ProduceRequest, ProduceResponse>
{
    private const short FirstWithBatches = 3;
    private const short FirstWithZstd = 7;

    /// <inheritdoc/>
    public override async LoopTask<ProduceResponse?> Handle(ProduceRequest request, RequestContext context)
    {
        var response = new ProduceResponse();
        var appends = new List<LoopTask>();
        var pending = new List<PendingAppend>();
        foreach (var topic in request.TopicData)
        {
            var answers = new List<PartitionResponse>(topic.PartitionData.Count);
            response.Responses.Add(new ProduceResponse.TopicProduceResponse { Name = topic.Name, PartitionResponses = answers });
            foreach (var data in topic.PartitionData)
            {
                var answer = new PartitionResponse { Index = data.Index, BaseOffset = -1, ErrorCode = Refusal(request) };
                answers.Add(answer);
                if (answer.ErrorCode == ErrorCode.None)
                    appends.Add(Append(new TopicPartition(topic.Name, data.Index), data.Records ?? default, request.Acks, context.Version, answer, pending));
            }
        }

        await LoopTask.WhenAll(appends);
        if (request.Acks == 0)
        {
            ThrowOnError(response, context);
            return null;
        }

        if (pending.Count > 0) await AwaitReplicas(pending, request.TimeoutMs);
        return response;
    }

    private static ErrorCode Refusal(ProduceRequest request)
    {
        if (request.Acks is < -1 or > 1) return ErrorCode.InvalidRequiredAcks;
        return request.TransactionalId is null ? ErrorCode.None : ErrorCode.InvalidTxnState;
    }

    /// <summary>Appends to one partition and fills in its answer; with acks=-1 a success is noted as pending.</summary>
    private async LoopTask Append(TopicPartition id, ReadOnlyMemory<byte> records, short acks, short version, PartitionResponse answer, List<PendingAppend> pending)
    {
        try
        {
            var partition = services.Replicas.Find(id);
            var batches = ToBatches(records, version);
            if (partition.LackOfReplicas(acks) is { } lack)
            {
                (answer.ErrorCode, answer.ErrorMessage) = (ErrorCode.NotEnoughReplicas, lack);
                return;
            }

            var (info, term) = await partition.Append(batches, acks);
            answer.BaseOffset = info.BaseOffset;
            answer.LogAppendTimeMs = info.LogAppendTimeMillis;
            answer.LogStartOffset = info.LogStartOffset;
            if (acks == Partition.AcksAll)
                pending.Add(new PendingAppend(partition, term, info.LastOffset + 1, outcome => Report(answer, outcome)));
        }
        catch (ReplicaException e)
        {
            (answer.ErrorCode, answer.ErrorMessage) = (e.Code, e.Message);
        }
        catch (StorageException e)
        {
            (answer.ErrorCode, answer.ErrorMessage) = (e.Code, e.Message);
        }
    }

    /// <summary>The request's own memory holds the batches, and storage writes offsets into them in place.</summary>
    private static Memory<byte> ToBatches(ReadOnlyMemory<byte> records, short version)
    {
        var isLegacy = records.Length > RecordBatch.HeaderSize - 1 ? records.Span[16] != RecordBatch.CurrentMagic : version < FirstWithBatches;
        if (version < FirstWithBatches && isLegacy)
        {
            var converted = UpConversion.Convert(records.Span);
            return converted.Batch
                ?? throw new InvalidBatchException(converted.Verdict.Problem, converted.Verdict.ToErrorCode(), converted.Verdict.Detail);
        }

        if (version >= FirstWithBatches) RequireOneBatch(records.Span);
        if (version < FirstWithZstd) RefuseZstd(records.Span);
        return MemoryMarshal.AsMemory(records);
    }

    private static void RequireOneBatch(ReadOnlySpan<byte> records)
    {
        var count = 0;
        foreach (var _ in new RecordBatches(records))
        {
            if (++count > 1) throw new InvalidBatchException(RecordBatchProblem.WrongRecordCount, ErrorCode.InvalidRecord, "Produce requests from version 3 on carry exactly one record batch a partition.");
        }
    }

    private static void RefuseZstd(ReadOnlySpan<byte> records)
    {
        foreach (var batch in new RecordBatches(records))
        {
            if (batch.Compression == CompressionType.Zstd)
                throw new InvalidBatchException(RecordBatchProblem.UnknownCompression, ErrorCode.UnsupportedCompressionType, "Produce requests below version 7 cannot carry zstd.");
        }
    }

    private async LoopTask AwaitReplicas(List<PendingAppend> pending, int timeoutMs)
    {
        var keys = new List<TopicPartition>(pending.Count);
        foreach (var append in pending) keys.Add(append.Partition.Id);
        var delayed = new DelayedProduce(pending);
        if (!await services.Replication.Produces.TryCompleteElseWatch(delayed, TimeSpan.FromMilliseconds(Math.Max(0, timeoutMs)), keys)) await delayed.Done;
    }

    private static void Report(PartitionResponse answer, ErrorCode outcome)
    {
        if (outcome == ErrorCode.None) return;
        answer.ErrorCode = outcome;
        answer.BaseOffset = -1;
        answer.LogAppendTimeMs = -1;
    }

    /// <summary>A producer that wants no answers learns of a failure by losing its connection.</summary>
    private static void ThrowOnError(ProduceResponse response, RequestContext context)
    {
        foreach (var topic in response.Responses)
        {
            foreach (var answer in topic.PartitionResponses)
            {
                if (answer.ErrorCode != ErrorCode.None)
                    throw new FrameException($"A produce request of {context.Header.ClientId} with acks=0 failed with {answer.ErrorCode} for {topic.Name}-{answer.Index}.");
            }
        }
    }
}
