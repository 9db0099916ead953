using System.Collections.Generic;
using Reference.Broker.Replication;
using Reference.Wire.Messages;
using Simulator.Platform;
using EndOffset = Reference.Wire.Messages.OffsetForLeaderEpochResponse.EpochEndOffset;

namespace Reference.Broker.Handlers;

/// <summary>
/// OffsetForLeaderEpoch: where a leader epoch ends in the leader's log, by which followers (KIP-101, KIP-279) and consumers
/// (KIP-320) find out where their log and the leader's part ways.
/// </summary>
/// <remarks>v1 gives the epoch too; v2 fences by current leader epoch; v3 carries the replica id.</remarks>
public sealed class OffsetForLeaderEpochHandler(BrokerServices services) : RequestHandler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>
{
    /// <inheritdoc/>
    public override LoopTask<OffsetForLeaderEpochResponse?> Handle(OffsetForLeaderEpochRequest request, RequestContext context)
    {
        var response = new OffsetForLeaderEpochResponse();
        foreach (var topic in request.Topics)
        {
            var answers = new List<EndOffset>(topic.Partitions.Count);
            response.Topics.Add(new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult { Topic = topic.Topic, Partitions = answers });
            foreach (var asked in topic.Partitions) answers.Add(Find(new TopicPartition(topic.Topic, asked.Partition), asked));
        }

        return LoopTask.FromResult<OffsetForLeaderEpochResponse?>(response);
    }

    private EndOffset Find(TopicPartition id, OffsetForLeaderEpochRequest.OffsetForLeaderPartition asked)
    {
        try
        {
            var partition = services.Replicas.Find(id);
            partition.EnsureServes(asked.CurrentLeaderEpoch);
            var end = partition.Log.EndOffsetForEpoch(asked.LeaderEpoch);
            return new EndOffset { Partition = id.Partition, LeaderEpoch = end.Epoch, EndOffset = end.Offset };
        }
        catch (ReplicaException e)
        {
            return new EndOffset { Partition = id.Partition, ErrorCode = e.Code };
        }
    }
}
