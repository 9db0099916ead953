using System;
using System.Collections.Generic;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Clients.Metadata;

/// <summary>Makes the next picture of the cluster from the last one and a broker's answer.</summary>
internal static class MetadataReading
{
    /// <summary>
    /// The answer replaces brokers and the topics asked for. A partition whose leader epoch is older than the known one keeps what
    /// is known: the answering broker lags behind (KIP-320).
    /// </summary>
    public static ClusterMetadata Next(ClusterMetadata last, MetadataResponse answer)
    {
        var brokers = new SortedDictionary<int, Endpoint>();
        foreach (var broker in answer.Brokers) brokers[broker.NodeId] = new Endpoint(broker.Host, broker.Port);

        var topics = new SortedDictionary<string, TopicMetadata>(StringComparer.Ordinal);
        foreach (var topic in answer.Topics)
        {
            if (topic.Name is null) continue;
            var known = last.Topic(topic.Name);
            topics[topic.Name] = topic.ErrorCode != ErrorCode.None && known is { Error: ErrorCode.None } && topic.ErrorCode.IsRetriable() && topic.ErrorCode != ErrorCode.UnknownTopicOrPartition
                ? known
                : Read(topic, known);
        }

        return new ClusterMetadata(answer.ClusterId ?? last.ClusterId, answer.ControllerId, brokers, topics);
    }

    private static TopicMetadata Read(MetadataResponse.MetadataResponseTopic topic, TopicMetadata? known)
    {
        if (topic.ErrorCode != ErrorCode.None) return new TopicMetadata(topic.Name!, topic.TopicId, topic.ErrorCode, []);
        var sameTopic = known is not null && (known.Id == topic.TopicId || known.Id == Uuid.Zero || topic.TopicId == Uuid.Zero);
        var partitions = new List<PartitionMetadata>();
        topic.Partitions.Sort(static (a, b) => a.PartitionIndex.CompareTo(b.PartitionIndex));
        foreach (var partition in topic.Partitions)
        {
            if (partition.PartitionIndex != partitions.Count) break; // a gap: the rest is not known to the broker yet
            var before = sameTopic ? known!.Find(partition.PartitionIndex) : null;
            partitions.Add(before is not null && partition.LeaderEpoch >= 0 && partition.LeaderEpoch < before.LeaderEpoch ? before : Read(partition));
        }

        return new TopicMetadata(topic.Name!, topic.TopicId, ErrorCode.None, partitions);
    }

    private static PartitionMetadata Read(MetadataResponse.MetadataResponsePartition partition) => new(
        partition.PartitionIndex,
        partition.LeaderId,
        partition.LeaderEpoch,
        partition.ReplicaNodes,
        partition.IsrNodes,
        partition.ErrorCode);
}
