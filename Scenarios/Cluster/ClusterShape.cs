using Reference.Broker.Configuration;
using Reference.Broker.Storage;

namespace Scenarios.Cluster;

/// <summary>The configuration that the brokers of a run share.</summary>
/// <param name="Swarm">What the seed chose.</param>
/// <param name="CoordinationHost">Where the store is.</param>
public sealed record ClusterShape(Swarm Swarm, string CoordinationHost)
{
    /// <summary>The configuration of one broker.</summary>
    public BrokerConfig ConfigOf(BrokerMachine broker) => BrokerVariants.Apply(broker.Variant, Usual(broker));

    private BrokerConfig Usual(BrokerMachine broker) => new()
    {
        BrokerId = broker.Id,
        LogDir = broker.LogDirectory,
        Listener = broker.Endpoint,
        ZookeeperConnect = $"{CoordinationHost}:{CoordinationMachine.Port}",
        ZookeeperSessionTimeoutMs = Swarm.SessionTimeoutMs,
        ZookeeperConnectionTimeoutMs = 18_000,
        NumPartitions = Swarm.Partitions,
        DefaultReplicationFactor = (short)(Swarm.ReplicationFactor > 0 ? Swarm.ReplicationFactor : Swarm.Brokers),
        MinInsyncReplicas = Swarm.MinInsyncReplicas,
        LeaderImbalanceCheckIntervalSeconds = Swarm.LeaderImbalanceCheckSeconds,
        ReplicaLagTimeMaxMs = Swarm.ReplicaLagTimeMaxMs,
        ReplicaFetchWaitMaxMs = Swarm.ReplicaFetchWaitMaxMs,
        ReplicaFetchBackoffMs = 300,
        ReplicaSocketTimeoutMs = 4_000,
        ControllerSocketTimeoutMs = 4_000,
        ControlledShutdownRetryBackoffMs = 1_000,
        Log = LogConfig.Default with
        {
            SegmentBytes = Swarm.SegmentBytes,
            FlushMessages = Swarm.PowerLoss ? 1 : long.MaxValue,
        },
    };
}
