using System;
using Reference.Broker.Configuration;
using Reference.Broker.Storage;

namespace Scenarios.Cluster;

/// <summary>The configuration that the brokers of a run share.</summary>
/// <param name="Swarm">What the seed chose.</param>
/// <param name="CoordinationHost">Where the store is.</param>
public sealed record ClusterShape(Swarm Swarm, string CoordinationHost)
{
    /// <summary>The configuration of one broker.</summary>
    public BrokerConfig ConfigOf(BrokerMachine broker) => BrokerVariants.Apply(broker.Variant, KeptUp(Usual(broker)));

    private BrokerConfig Usual(BrokerMachine broker) => new()
    {
        BrokerId = broker.Id,
        LogDirs = broker.LogDirectories,
        Listener = broker.Endpoint,
        ZookeeperConnect = $"{CoordinationHost}:{CoordinationMachine.Port}",
        ZookeeperSessionTimeoutMs = Swarm.SessionTimeoutMs,
        ZookeeperConnectionTimeoutMs = 18_000,
        NumPartitions = Swarm.Partitions,
        DefaultReplicationFactor = (short)(Swarm.ReplicationFactor > 0 ? Swarm.ReplicationFactor : Swarm.Brokers),
        MinInsyncReplicas = Swarm.MinInsyncReplicas,
        UncleanLeaderElection = Swarm.UncleanElection,
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

    // What goes goes within seconds, so that it goes many times in a run.
    private BrokerConfig KeptUp(BrokerConfig usual) => !Swarm.IsKeptUp ? usual : usual with
    {
        UncleanLeaderElection = Swarm.UncleanElection,
        LogRetentionCheckIntervalMs = 2_000,
        LogFlushStartOffsetCheckpointIntervalMs = 3_000,
        LogFlushOffsetCheckpointIntervalMs = 3_000,
        LogCleaner = usual.LogCleaner with
        {
            Backoff = TimeSpan.FromSeconds(2),
            DedupeBufferBytes = Swarm.DedupeBufferBytes > 0 ? Swarm.DedupeBufferBytes : usual.LogCleaner.DedupeBufferBytes,
        },
        Log = usual.Log with
        {
            CleanupPolicy = (CleanupPolicies)Swarm.CleanupPolicy,
            RetentionMillis = Swarm.RetentionMs > 0 ? Swarm.RetentionMs : usual.Log.RetentionMillis,
            RetentionBytes = Swarm.RetentionBytes > 0 ? Swarm.RetentionBytes : usual.Log.RetentionBytes,
            MinCompactionLagMillis = Swarm.MinCompactionLagMs,
            DeleteRetentionMillis = Swarm.DeleteRetentionMs > 0 ? Swarm.DeleteRetentionMs : usual.Log.DeleteRetentionMillis,
            MinCleanableDirtyRatio = Swarm.DirtyPercent > 0 ? Swarm.DirtyPercent / 100.0 : usual.Log.MinCleanableDirtyRatio,
            FileDeleteDelayMillis = 2_000,
        },
    };
}
