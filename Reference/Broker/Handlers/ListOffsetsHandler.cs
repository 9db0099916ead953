using System;
using System.Collections.Generic;
using Reference.Broker.Replication;
using Reference.Broker.Storage;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using PartitionResponse = Reference.Wire.Messages.ListOffsetsResponse.ListOffsetsPartitionResponse;

namespace Reference.Broker.Handlers;

/// <summary>
/// ListOffsets: the earliest or latest offset, or the first one not older than a timestamp.
/// </summary>
/// <remarks>
/// v0 gives several offsets, one per segment; v1 one, with its timestamp; v2 knows isolation levels; v4 fences by leader epoch and
/// gives the epoch (KIP-320); v5 answers OFFSET_NOT_AVAILABLE where v4 says LEADER_NOT_AVAILABLE: right after an election, until
/// the high watermark has reached the start of the epoch (KIP-207). v7 (the offset of the greatest timestamp) is not offered.
/// </remarks>
public sealed class ListOffsetsHandler(BrokerServices services) : RequestHandler<ListOffsetsRequest, ListOffsetsResponse>
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const short FirstWithOffsetNotAvailable = 5;

    /// <inheritdoc/>
    public override VersionRange Versions => new(0, 6);

    /// <inheritdoc/>
    public override async LoopTask<ListOffsetsResponse?> Handle(ListOffsetsRequest request, RequestContext context)
    {
        var response = new ListOffsetsResponse();
        foreach (var topic in request.Topics)
        {
            var answers = new List<PartitionResponse>(topic.Partitions.Count);
            response.Topics.Add(new ListOffsetsResponse.ListOffsetsTopicResponse { Name = topic.Name, Partitions = answers });
            foreach (var asked in topic.Partitions)
                answers.Add(await Find(new TopicPartition(topic.Name, asked.PartitionIndex), asked, request.ReplicaId, context.Version));
        }

        return response;
    }

    private async LoopTask<PartitionResponse> Find(TopicPartition id, ListOffsetsRequest.ListOffsetsPartition asked, int replicaId, short version)
    {
        var answer = new PartitionResponse { PartitionIndex = asked.PartitionIndex };
        try
        {
            var partition = services.Replicas.Find(id);
            partition.EnsureServes(asked.CurrentLeaderEpoch);
            if (version == 0) answer.OldStyleOffsets.AddRange(SegmentOffsets(partition, asked, replicaId == -1));
            else await FindOne(partition, asked.Timestamp, replicaId == -1, version, answer);
        }
        catch (ReplicaException e)
        {
            answer.ErrorCode = e.Code;
        }
        catch (StorageException e)
        {
            answer.ErrorCode = e.Code;
        }

        return answer;
    }

    private static async LoopTask FindOne(Partition partition, long timestamp, bool isConsumer, short version, PartitionResponse answer)
    {
        var log = partition.Log;
        var term = partition.Term;
        var bound = isConsumer ? log.HighWatermark : log.LogEndOffset;
        var isSettling = isConsumer && partition.Leadership is { } leadership && leadership.EpochStart > log.HighWatermark;
        var notYet = version >= FirstWithOffsetNotAvailable ? ErrorCode.OffsetNotAvailable : ErrorCode.LeaderNotAvailable;
        switch (timestamp)
        {
            case Latest when isSettling:
                throw new ReplicaException(notYet, $"The high watermark of {partition.Id} has not reached the start of the leader epoch yet.");
            case Latest:
                Fill(answer, -1, bound, partition.LeaderEpoch, version);
                break;
            case Earliest:
                Fill(answer, -1, log.LogStartOffset, EpochAt(log, log.LogStartOffset), version);
                break;
            default:
                var found = await log.OffsetForTimestamp(timestamp, isSettling ? log.LogEndOffset : bound);
                if (partition.Term != term || !partition.IsLeader)
                    throw new ReplicaException(ErrorCode.NotLeaderOrFollower, $"The leadership of {partition.Id} changed during a lookup.");
                if (isSettling && (found is null || found.Value.Offset >= log.HighWatermark))
                    throw new ReplicaException(notYet, $"The high watermark of {partition.Id} has not reached the start of the leader epoch yet.");
                if (found is { } record) Fill(answer, record.Timestamp, record.Offset, record.LeaderEpoch, version);
                break;
        }
    }

    private static void Fill(PartitionResponse answer, long timestamp, long offset, int epoch, short version)
    {
        answer.Timestamp = timestamp;
        answer.Offset = offset;
        if (version >= 4) answer.LeaderEpoch = epoch;
    }

    private static int EpochAt(PartitionLog log, long offset)
    {
        var epoch = -1;
        foreach (var entry in log.Epochs.Entries)
        {
            if (entry.Offset <= offset) epoch = entry.Epoch;
        }

        return epoch;
    }

    /// <summary>v0: the starts of segments and the end, the latest first, of those not younger than the timestamp.</summary>
    private static List<long> SegmentOffsets(Partition partition, ListOffsetsRequest.ListOffsetsPartition asked, bool isConsumer)
    {
        var log = partition.Log;
        var end = isConsumer ? log.HighWatermark : log.LogEndOffset;
        var candidates = new List<long>();
        foreach (var segment in log.Segments)
        {
            if (asked.Timestamp is Latest or Earliest || segment.LargestTimestamp <= asked.Timestamp)
                candidates.Add(Math.Clamp(segment.BaseOffset, log.LogStartOffset, end));
        }

        if (asked.Timestamp == Earliest) candidates = [log.LogStartOffset];
        else if (asked.Timestamp == Latest) candidates.Add(end);
        candidates.Reverse();
        var distinct = new List<long>();
        foreach (var offset in candidates)
        {
            if (distinct.Count < asked.MaxNumOffsets && !distinct.Contains(offset)) distinct.Add(offset);
        }

        return distinct;
    }
}
