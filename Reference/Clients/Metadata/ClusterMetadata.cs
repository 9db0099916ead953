using System;
using System.Collections.Generic;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Clients.Metadata;

/// <summary>What is known of one partition.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Leader">Broker id of the leader, or -1.</param>
/// <param name="LeaderEpoch">The leader's epoch (KIP-320), or -1 if the broker does not tell.</param>
/// <param name="Replicas">Broker ids, the preferred leader first.</param>
/// <param name="InSync">Broker ids of the in-sync replicas.</param>
/// <param name="Error">Why there is no leader, or None.</param>
public sealed record PartitionMetadata(int Partition, int Leader, int LeaderEpoch, IReadOnlyList<int> Replicas, IReadOnlyList<int> InSync, ErrorCode Error);

/// <summary>What is known of one topic.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id, or zero if the broker does not tell.</param>
/// <param name="Error">Why it has no partitions, or None.</param>
/// <param name="Partitions">Its partitions by number, without gaps.</param>
public sealed record TopicMetadata(string Name, Uuid Id, ErrorCode Error, IReadOnlyList<PartitionMetadata> Partitions)
{
    /// <summary>The partition of that number, or null.</summary>
    public PartitionMetadata? Find(int partition) => partition >= 0 && partition < Partitions.Count ? Partitions[partition] : null;
}

/// <summary>What a client knows of the cluster at one time. Immutable.</summary>
/// <param name="ClusterId">The cluster's id, or null.</param>
/// <param name="ControllerId">Broker id of the controller, or -1.</param>
/// <param name="Brokers">Addresses by broker id.</param>
/// <param name="Topics">Topics by name.</param>
public sealed record ClusterMetadata(string? ClusterId, int ControllerId, IReadOnlyDictionary<int, Endpoint> Brokers, IReadOnlyDictionary<string, TopicMetadata> Topics)
{
    /// <summary>Nothing is known.</summary>
    public static ClusterMetadata Empty { get; } = new(null, -1, new SortedDictionary<int, Endpoint>(), new SortedDictionary<string, TopicMetadata>(StringComparer.Ordinal));

    /// <summary>The topic, or null.</summary>
    public TopicMetadata? Topic(string name) => Topics.GetValueOrDefault(name);

    /// <summary>The partition, or null.</summary>
    public PartitionMetadata? Partition(TopicPartition partition) => Topic(partition.Topic)?.Find(partition.Partition);
}
