using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Broker.Storage;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <content>Making the log agree with the leader's before anything is fetched (KIP-101, KIP-279), and after OFFSET_OUT_OF_RANGE.</content>
public sealed partial class ReplicaFetcher
{
    private const short EpochVersion = 3;
    private const short ListOffsetsVersion = 5;
    private const long LatestTimestamp = -1;
    private const long EarliestTimestamp = -2;

    /// <summary>One question to the leader about all partitions that do not agree yet; false if there are none.</summary>
    private async LoopTask<bool> TruncateRound()
    {
        var asked = new SortedDictionary<TopicPartition, FollowedPartition>();
        foreach (var (id, followed) in _partitions)
        {
            if (followed.IsTruncating && IsReady(followed)) asked[id] = followed;
        }

        if (asked.Count == 0) return false;
        var response = await _peer.Call<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(BuildQuestion(asked), EpochVersion);
        foreach (var topic in response.Topics)
        {
            foreach (var answer in topic.Partitions)
            {
                if (asked.TryGetValue(new TopicPartition(topic.Topic, answer.Partition), out var followed) && followed.IsCurrent)
                    await Truncate(followed, answer);
            }
        }

        return true;
    }

    private OffsetForLeaderEpochRequest BuildQuestion(SortedDictionary<TopicPartition, FollowedPartition> asked)
    {
        var request = new OffsetForLeaderEpochRequest { ReplicaId = _context.BrokerId };
        foreach (var (id, followed) in asked)
        {
            if (request.Topics.Count == 0 || request.Topics[^1].Topic != id.Topic)
                request.Topics.Add(new OffsetForLeaderEpochRequest.OffsetForLeaderTopic { Topic = id.Topic });
            request.Topics[^1].Partitions.Add(new OffsetForLeaderEpochRequest.OffsetForLeaderPartition
            {
                Partition = id.Partition,
                CurrentLeaderEpoch = followed.LeaderEpoch,
                LeaderEpoch = followed.Partition.Log.LatestEpoch,
            });
        }

        return request;
    }

    private async LoopTask Truncate(FollowedPartition followed, OffsetForLeaderEpochResponse.EpochEndOffset answer)
    {
        if (answer.ErrorCode == ErrorCode.FencedLeaderEpoch)
        {
            Drop(followed);
            return;
        }

        if (answer.ErrorCode != ErrorCode.None)
        {
            Delay(followed, answer.ErrorCode);
            return;
        }

        var log = followed.Partition.Log;
        var leaderEnd = new EpochEntry(answer.LeaderEpoch, answer.EndOffset);
        var step = _context.Decisions.FollowerTruncation(
            new TruncationFacts(log.HighWatermark, log.LogEndOffset, leaderEnd, log.EndOffsetForEpoch(leaderEnd.Epoch)));
        try
        {
            await log.TruncateTo(step.Offset);
            if (followed.IsCurrent && step.Agreed) followed.IsTruncating = false;
        }
        catch (StorageException e)
        {
            HandleStorageFailure(followed, e);
        }
    }

    private async LoopTask HandleOutOfRange(FollowedPartition followed)
    {
        var leaderEnd = await LeaderOffset(followed, LatestTimestamp);
        if (leaderEnd is null || !followed.IsCurrent) return;
        var leaderStart = await LeaderOffset(followed, EarliestTimestamp);
        if (leaderStart is null || !followed.IsCurrent) return;
        var (partition, log) = (followed.Partition, followed.Partition.Log);
        var reaction = _context.Decisions.ReactToOutOfRange(leaderStart.Value, leaderEnd.Value, log.LogEndOffset);
        _context.Log.LogWarning(
            "{Partition}: the log end {End} is out of the leader's range [{LeaderStart}, {LeaderEnd}]: {Reaction}",
            partition.Id,
            log.LogEndOffset,
            leaderStart,
            leaderEnd,
            reaction);
        if (reaction.Action == OutOfRangeAction.TruncateTo) await log.TruncateTo(reaction.Offset);
        else if (reaction.Action == OutOfRangeAction.RestartAt) await log.TruncateFullyAndStartAt(reaction.Offset);
    }

    private async LoopTask<long?> LeaderOffset(FollowedPartition followed, long timestamp)
    {
        var id = followed.Partition.Id;
        var request = new ListOffsetsRequest { ReplicaId = _context.BrokerId };
        request.Topics.Add(new ListOffsetsRequest.ListOffsetsTopic
        {
            Name = id.Topic,
            Partitions = [new() { PartitionIndex = id.Partition, CurrentLeaderEpoch = followed.LeaderEpoch, Timestamp = timestamp }],
        });
        var response = await _peer.Call<ListOffsetsRequest, ListOffsetsResponse>(request, ListOffsetsVersion);
        foreach (var topic in response.Topics)
        {
            foreach (var answer in topic.Partitions)
            {
                if (answer.ErrorCode == ErrorCode.None) return answer.Offset;
                if (answer.ErrorCode == ErrorCode.FencedLeaderEpoch) Drop(followed);
                else Delay(followed, answer.ErrorCode);
            }
        }

        return null;
    }
}
