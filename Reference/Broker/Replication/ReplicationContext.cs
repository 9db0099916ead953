using System;
using Microsoft.Extensions.Logging;
using Reference.Broker.Configuration;
using Reference.Broker.Purgatory;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <summary>What all replicas of a broker share.</summary>
public sealed class ReplicationContext
{
    /// <summary>Bundles it.</summary>
    public ReplicationContext(Node node, int brokerId, BrokerConfig config, BrokerDecisions decisions, IIsrStore isrStore)
    {
        Node = node;
        BrokerId = brokerId;
        Config = config;
        Decisions = decisions;
        IsrStore = isrStore;
        Produces = new Purgatory<TopicPartition>(node, decisions.TriesOnceWatched);
        Fetches = new Purgatory<TopicPartition>(node, decisions.TriesOnceWatched);
        Deletes = new Purgatory<TopicPartition>(node, decisions.TriesOnceWatched);
        LeaderQuota = Quota(config.LeaderReplicationThrottledRate);
        FollowerQuota = Quota(config.FollowerReplicationThrottledRate);
        Peers = new PeerEpochs(decisions.IsStaleBrokerEpoch);
        Log = node.Logs.CreateLogger("replication");
    }

    /// <summary>The process.</summary>
    public Node Node { get; }

    /// <summary>This broker.</summary>
    public int BrokerId { get; }

    /// <summary>Its configuration.</summary>
    public BrokerConfig Config { get; }

    /// <summary>Its decisions.</summary>
    public BrokerDecisions Decisions { get; }

    /// <summary>Where ISR changes are written.</summary>
    public IIsrStore IsrStore { get; }

    /// <summary>Produce requests that wait for replicas.</summary>
    public Purgatory<TopicPartition> Produces { get; }

    /// <summary>Fetch requests that wait for records.</summary>
    public Purgatory<TopicPartition> Fetches { get; }

    /// <summary>Deletions of records that wait for followers.</summary>
    public Purgatory<TopicPartition> Deletes { get; }

    /// <summary>Whether the controller has last said that a broker is alive: only such a one may join an ISR.</summary>
    public Func<int, bool> IsAlive { get; init; } = static _ => true;

    /// <summary>The epoch of this broker's present registration; -1 if it has none.</summary>
    public Func<long> BrokerEpoch { get; init; } = static () => -1;

    /// <summary>The latest epochs of the other brokers' registrations that the controller or the store has told.</summary>
    public PeerEpochs Peers { get; }

    /// <summary>The rack of a live broker; null if it has none.</summary>
    public Func<int, string?> RackOf { get; init; } = static _ => null;

    /// <summary>What this broker sends to throttled followers.</summary>
    public ReplicationQuota LeaderQuota { get; }

    /// <summary>What the throttled replicas of this broker fetch.</summary>
    public ReplicationQuota FollowerQuota { get; }

    /// <summary>Called when a leader's ISR change has been committed.</summary>
    public Action<TopicPartition>? IsrChanged { get; set; }

    internal ILogger Log { get; }

    private ReplicationQuota Quota(long bytesPerSecond) =>
        new(Node.Clock, bytesPerSecond, Config.ReplicationQuotaWindows, Config.ReplicationQuotaWindowSeconds * 1000L);

    internal long NowMs => Node.Clock.MonotonicMillis();
}
