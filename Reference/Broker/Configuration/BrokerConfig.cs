using System.Collections.Generic;
using Reference.Broker.Replication;
using Reference.Broker.Storage;
using Reference.Broker.Storage.Cleaning;
using Reference.Rpc.Configuration;
using Simulator.Platform;

namespace Reference.Broker.Configuration;

/// <summary>
/// The configuration of a broker. Names, units and defaults are Kafka 2.5's; <see cref="BrokerOptions"/> says of each option what
/// it takes and does.
/// </summary>
public sealed record BrokerConfig
{
    /// <summary><c>broker.id</c>; -1: kept in meta.properties or generated.</summary>
    public int BrokerId { get; init; } = -1;

    /// <summary><c>log.dir</c>: the one directory if <see cref="LogDirs"/> names none.</summary>
    public string LogDir { get; init; } = "/tmp/kafka-logs";

    /// <summary><c>log.dirs</c>: the directories over which partitions are spread; none: <see cref="LogDir"/>.</summary>
    public IReadOnlyList<string> LogDirs { get; init; } = [];

    /// <summary>The directories in use.</summary>
    public IReadOnlyList<string> AllLogDirs => LogDirs.Count > 0 ? LogDirs : [LogDir];

    /// <summary><c>listeners</c>: where to listen; port 0 takes any free one.</summary>
    public Endpoint Listener { get; init; } = new("0.0.0.0", 9092);

    /// <summary><c>advertised.listeners</c>: what clients and brokers are told; null: the listener.</summary>
    public Endpoint? AdvertisedListener { get; init; }

    /// <summary><c>zookeeper.connect</c>: the coordination servers, and perhaps the path below which this cluster lives.</summary>
    public string ZookeeperConnect { get; init; } = "localhost:2181";

    /// <summary><c>zookeeper.session.timeout.ms</c>.</summary>
    public int ZookeeperSessionTimeoutMs { get; init; } = 18_000;

    /// <summary><c>zookeeper.connection.timeout.ms</c>; 0: as long as the session's timeout.</summary>
    public int ZookeeperConnectionTimeoutMs { get; init; }

    /// <summary><c>broker.rack</c>, or null.</summary>
    public string? Rack { get; init; }

    /// <summary><c>num.partitions</c>.</summary>
    public int NumPartitions { get; init; } = 1;

    /// <summary><c>default.replication.factor</c>.</summary>
    public short DefaultReplicationFactor { get; init; } = 1;

    /// <summary><c>min.insync.replicas</c>.</summary>
    public int MinInsyncReplicas { get; init; } = 1;

    /// <summary><c>auto.create.topics.enable</c>.</summary>
    public bool AutoCreateTopics { get; init; } = true;

    /// <summary><c>unclean.leader.election.enable</c>.</summary>
    public bool UncleanLeaderElection { get; init; }

    /// <summary><c>auto.leader.rebalance.enable</c>; only false exists here.</summary>
    public bool AutoLeaderRebalance { get; init; } = true;

    /// <summary><c>leader.imbalance.check.interval.seconds</c>.</summary>
    public long LeaderImbalanceCheckIntervalSeconds { get; init; } = 300;

    /// <summary><c>leader.imbalance.per.broker.percentage</c>.</summary>
    public int LeaderImbalancePerBrokerPercentage { get; init; } = 10;

    /// <summary><c>delete.topic.enable</c>.</summary>
    public bool DeleteTopics { get; init; } = true;

    /// <summary><c>socket.request.max.bytes</c>.</summary>
    public int SocketRequestMaxBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary><c>max.connections</c>.</summary>
    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary><c>connections.max.idle.ms</c>; -1: never.</summary>
    public long ConnectionsMaxIdleMs { get; init; } = 600_000;

    /// <summary><c>replica.lag.time.max.ms</c>.</summary>
    public long ReplicaLagTimeMaxMs { get; init; } = 30_000;

    /// <summary><c>replica.fetch.max.bytes</c>: of one partition.</summary>
    public int ReplicaFetchMaxBytes { get; init; } = 1024 * 1024;

    /// <summary><c>replica.fetch.response.max.bytes</c>.</summary>
    public int ReplicaFetchResponseMaxBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary><c>replica.fetch.min.bytes</c>.</summary>
    public int ReplicaFetchMinBytes { get; init; } = 1;

    /// <summary><c>replica.fetch.wait.max.ms</c>.</summary>
    public int ReplicaFetchWaitMaxMs { get; init; } = 500;

    /// <summary><c>replica.fetch.backoff.ms</c>.</summary>
    public int ReplicaFetchBackoffMs { get; init; } = 1000;

    /// <summary><c>replica.socket.timeout.ms</c>.</summary>
    public int ReplicaSocketTimeoutMs { get; init; } = 30_000;

    /// <summary><c>replica.high.watermark.checkpoint.interval.ms</c>.</summary>
    public long HighWatermarkCheckpointIntervalMs { get; init; } = 5_000;

    /// <summary><c>fetch.max.bytes</c>: bound on any answer to a fetch.</summary>
    public int FetchMaxBytes { get; init; } = 55 * 1024 * 1024;

    /// <summary><c>replica.selector.class</c>.</summary>
    public ReplicaSelector ReplicaSelector { get; init; }

    /// <summary><c>leader.replication.throttled.rate</c>: bytes per second to throttled followers out of sync.</summary>
    public long LeaderReplicationThrottledRate { get; init; } = long.MaxValue;

    /// <summary><c>follower.replication.throttled.rate</c>: bytes per second to throttled replicas here out of sync.</summary>
    public long FollowerReplicationThrottledRate { get; init; } = long.MaxValue;

    /// <summary><c>replication.quota.window.num</c>.</summary>
    public int ReplicationQuotaWindows { get; init; } = 11;

    /// <summary><c>replication.quota.window.size.seconds</c>.</summary>
    public int ReplicationQuotaWindowSeconds { get; init; } = 1;

    /// <summary><c>max.incremental.fetch.session.cache.slots</c>.</summary>
    public int MaxIncrementalFetchSessionCacheSlots { get; init; } = 1000;

    /// <summary><c>controlled.shutdown.enable</c>.</summary>
    public bool ControlledShutdown { get; init; } = true;

    /// <summary><c>controlled.shutdown.max.retries</c>.</summary>
    public int ControlledShutdownMaxRetries { get; init; } = 3;

    /// <summary><c>controlled.shutdown.retry.backoff.ms</c>.</summary>
    public long ControlledShutdownRetryBackoffMs { get; init; } = 5_000;

    /// <summary><c>controller.socket.timeout.ms</c>.</summary>
    public int ControllerSocketTimeoutMs { get; init; } = 30_000;

    /// <summary><c>log.retention.check.interval.ms</c>.</summary>
    public long LogRetentionCheckIntervalMs { get; init; } = 300_000;

    /// <summary><c>log.flush.scheduler.interval.ms</c>.</summary>
    public long LogFlushSchedulerIntervalMs { get; init; } = long.MaxValue;

    /// <summary><c>log.flush.offset.checkpoint.interval.ms</c>.</summary>
    public long LogFlushOffsetCheckpointIntervalMs { get; init; } = 60_000;

    /// <summary><c>log.flush.start.offset.checkpoint.interval.ms</c>.</summary>
    public long LogFlushStartOffsetCheckpointIntervalMs { get; init; } = 60_000;

    /// <summary>The <c>log.cleaner.…</c> options that are the broker's own.</summary>
    public LogCleanerOptions LogCleaner { get; init; } = new();

    /// <summary>The <c>log.…</c> options that a topic can override.</summary>
    public LogConfig Log { get; init; } = LogConfig.Default;

    /// <summary>What is advertised when the listener really bound is <paramref name="bound"/>.</summary>
    public Endpoint Advertised(Endpoint bound)
    {
        var wanted = AdvertisedListener ?? Listener;
        return new Endpoint(wanted.Host, wanted.Port == 0 ? bound.Port : wanted.Port);
    }

    /// <summary>Reads a configuration from texts by Kafka's names.</summary>
    /// <exception cref="ConfigException">An unknown name, a wrong value, or values that contradict each other.</exception>
    public static BrokerConfig Parse(IReadOnlyDictionary<string, string> values)
    {
        var config = BrokerOptions.Table.Apply(new BrokerConfig(), values);
        if (config.AdvertisedListener is null && config.Listener.Host is "0.0.0.0" or "::")
            config = config with { AdvertisedListener = new Endpoint("localhost", config.Listener.Port) };
        if (!values.ContainsKey("log.flush.interval.ms")) config = config with { Log = config.Log with { FlushMillis = config.LogFlushSchedulerIntervalMs } };
        if (TopicOptions.LagComplaint(config.Log) is { } complaint) throw new ConfigException("log.cleaner.max.compaction.lag.ms", $"The broker option log.cleaner.{complaint}");
        if (config.ReplicaFetchWaitMaxMs > config.ReplicaLagTimeMaxMs)
        {
            throw new ConfigException(
                "replica.fetch.wait.max.ms",
                $"The broker option replica.fetch.wait.max.ms has the value '{config.ReplicaFetchWaitMaxMs}', but expected is at most replica.lag.time.max.ms ({config.ReplicaLagTimeMaxMs}), or replicas leave the ISR while they wait.");
        }

        return config;
    }
}
