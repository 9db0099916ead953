using System;

namespace Reference.Broker.Controller;

/// <summary>A replica: a partition on a broker.</summary>
public readonly record struct PartitionReplica(TopicPartition Partition, int BrokerId) : IComparable<PartitionReplica>
{
    /// <inheritdoc/>
    public int CompareTo(PartitionReplica other)
    {
        var byPartition = Partition.CompareTo(other.Partition);
        return byPartition != 0 ? byPartition : BrokerId.CompareTo(other.BrokerId);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Partition} on {BrokerId}";
}
