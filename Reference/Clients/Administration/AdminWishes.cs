using System.Collections.Generic;

namespace Reference.Clients.Administration;

/// <summary>A topic to be created.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">Number of partitions; -1 for the broker's default, and with <paramref name="Assignments"/>.</param>
/// <param name="ReplicationFactor">Replicas per partition; -1 for the broker's default, and with <paramref name="Assignments"/>.</param>
/// <param name="Configuration">Options of the topic, or null for the defaults.</param>
/// <param name="Assignments">Broker ids of each partition's replicas, preferred leader first; null: the controller spreads them.</param>
public sealed record NewTopic(
    string Name,
    int Partitions = -1,
    short ReplicationFactor = -1,
    IReadOnlyDictionary<string, string>? Configuration = null,
    IReadOnlyList<IReadOnlyList<int>>? Assignments = null);

/// <summary>How many partitions a topic shall have.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Count">Number of partitions, the present ones included.</param>
/// <param name="Assignments">Broker ids of each new partition's replicas; null: the controller spreads them.</param>
public sealed record NewPartitions(string Topic, int Count, IReadOnlyList<IReadOnlyList<int>>? Assignments = null);

/// <summary>Replicas wished for.</summary>
/// <param name="Partition">Which partition.</param>
/// <param name="Replicas">Broker ids, preferred leader first; null gives up the reassignment under way.</param>
public sealed record NewReplicas(TopicPartition Partition, IReadOnlyList<int>? Replicas);

/// <summary>A reassignment under way.</summary>
/// <param name="Partition">Which partition.</param>
/// <param name="Replicas">Broker ids of all replicas at present.</param>
/// <param name="Adding">Those being added.</param>
/// <param name="Removing">Those being removed.</param>
public sealed record PartitionReassignment(TopicPartition Partition, IReadOnlyList<int> Replicas, IReadOnlyList<int> Adding, IReadOnlyList<int> Removing);

/// <summary>What became of a wish to delete records of a partition.</summary>
/// <param name="LowWatermark">The lowest log start of the live replicas; -1 with a failure.</param>
/// <param name="Failure">
/// Why they are not deleted, or null: OFFSET_OUT_OF_RANGE above the high watermark, POLICY_VIOLATION where the topic is only compacted, or
/// what hindered to the end. Whether they are gone all the same is open where its outcome is unknown.
/// </param>
public sealed record DeletedRecords(long LowWatermark, KafkaException? Failure)
{
    internal static DeletedRecords Failed(KafkaException failure) => new(-1, failure);
}

/// <summary>Which leader an election is to give (KIP-460).</summary>
public enum ElectionType
{
    /// <summary>The first replica of the assignment, if it is in sync.</summary>
    Preferred = 0,

    /// <summary>The first live replica where none in sync lives: records may be lost.</summary>
    Unclean = 1,
}
