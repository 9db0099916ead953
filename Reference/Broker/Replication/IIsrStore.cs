using System.Collections.Generic;
using Reference.Broker.Znodes;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <summary>Where leaders write changes of their ISRs.</summary>
public interface IIsrStore
{
    /// <summary>
    /// Sets a partition's state if the store still has the version that <paramref name="wished"/> names; returns only when it is
    /// known whether that happened, however often connections are lost meanwhile.
    /// </summary>
    LoopTask<PartitionUpdate> UpdatePartitionState(TopicPartition partition, PartitionStateZnode wished);

    /// <summary>The epoch of a broker's present registration; null if it is not registered.</summary>
    LoopTask<long?> BrokerEpoch(int brokerId);

    /// <summary>Tells the controller that ISRs have changed.</summary>
    LoopTask PropagateIsrChanges(IReadOnlyList<TopicPartition> partitions);
}

/// <summary>The store behind Kafka's znodes.</summary>
public sealed class ZnodeIsrStore(KafkaZnodes znodes) : IIsrStore
{
    /// <inheritdoc/>
    public LoopTask<PartitionUpdate> UpdatePartitionState(TopicPartition partition, PartitionStateZnode wished) =>
        znodes.UpdatePartitionState(partition, wished);

    /// <inheritdoc/>
    public LoopTask<long?> BrokerEpoch(int brokerId) => znodes.BrokerEpoch(brokerId);

    /// <inheritdoc/>
    public LoopTask PropagateIsrChanges(IReadOnlyList<TopicPartition> partitions) => znodes.PropagateIsrChanges(partitions);
}
