using Reference.Clients.Network;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Clients.Consuming;

/// <summary>Asks leaders for offsets by timestamp, and for the ends of leader epochs.</summary>
internal sealed class OffsetLookup(NetworkClient network)
{
    /// <summary>The log's end.</summary>
    public const long Latest = -1;

    /// <summary>The log's start.</summary>
    public const long Earliest = -2;

    private const int ConsumerReplicaId = -1;

    /// <summary>One partition's offset from its present leader.</summary>
    /// <exception cref="KafkaException">No leader, no answer, or an error code.</exception>
    public async LoopTask<OffsetAndTimestamp> ByTimestamp(TopicPartition partition, long timestampMs)
    {
        var leader = LeaderOf(partition, out var epoch);
        var answer = await network.Send(leader, new ListOffsetsRequest
        {
            ReplicaId = ConsumerReplicaId,
            Topics =
            [
                new ListOffsetsRequest.ListOffsetsTopic
                {
                    Name = partition.Topic,
                    Partitions = [new ListOffsetsRequest.ListOffsetsPartition { PartitionIndex = partition.Partition, CurrentLeaderEpoch = epoch, Timestamp = timestampMs }],
                },
            ],
        });
        var found = answer.Topics.Find(t => t.Name == partition.Topic)?.Partitions.Find(p => p.PartitionIndex == partition.Partition);
        if (found is null) throw new KafkaException(ErrorCode.UnknownServerError, $"The broker's answer does not mention {partition}.");
        if (found.ErrorCode != ErrorCode.None) throw ClientErrors.Refused(found.ErrorCode, $"The leader of {partition} gives no offset");
        var offset = found.OldStyleOffsets.Count > 0 ? found.OldStyleOffsets[0] : found.Offset;
        return new OffsetAndTimestamp(offset, found.Timestamp, found.LeaderEpoch);
    }

    /// <summary>The end of an epoch in the leader's log: (-1, -1) if the leader does not know it.</summary>
    /// <exception cref="KafkaException">No leader, no answer, or an error code.</exception>
    public async LoopTask<(int Epoch, long EndOffset)> EndOfEpoch(TopicPartition partition, int epoch)
    {
        var leader = LeaderOf(partition, out var current);
        var answer = await network.Send(leader, new OffsetForLeaderEpochRequest
        {
            ReplicaId = ConsumerReplicaId,
            Topics =
            [
                new OffsetForLeaderEpochRequest.OffsetForLeaderTopic
                {
                    Topic = partition.Topic,
                    Partitions = [new OffsetForLeaderEpochRequest.OffsetForLeaderPartition { Partition = partition.Partition, CurrentLeaderEpoch = current, LeaderEpoch = epoch }],
                },
            ],
        });
        var found = answer.Topics.Find(t => t.Topic == partition.Topic)?.Partitions.Find(p => p.Partition == partition.Partition);
        if (found is null) throw new KafkaException(ErrorCode.UnknownServerError, $"The broker's answer does not mention {partition}.");
        if (found.ErrorCode != ErrorCode.None) throw ClientErrors.Refused(found.ErrorCode, $"The leader of {partition} does not tell the end of epoch {epoch}");
        return (found.LeaderEpoch, found.EndOffset);
    }

    private int LeaderOf(TopicPartition partition, out int epoch)
    {
        var known = network.Metadata.Current.Partition(partition);
        epoch = known?.LeaderEpoch ?? -1;
        return known is { Leader: >= 0 } ? known.Leader : throw new KafkaException(ErrorCode.LeaderNotAvailable, $"The leader of {partition} is not known.");
    }
}
