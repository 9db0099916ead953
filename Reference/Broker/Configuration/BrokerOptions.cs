using System;
using System.Collections.Generic;
using Reference.Coordination;
using static Reference.Broker.Configuration.ConfigOption;
using Option = Reference.Broker.Configuration.ConfigOption<Reference.Broker.Configuration.BrokerConfig>;

namespace Reference.Broker.Configuration;

/// <summary>The options of a broker that exist here.</summary>
public static class BrokerOptions
{
    private const long HourMs = 3_600_000;

    /// <summary>The table.</summary>
    public static ConfigTable<BrokerConfig> Table { get; } = new("broker", [.. Identity(), .. Topics(), .. Replication(), .. Shutdown(), .. Log(), .. Flush()]);

    private static IEnumerable<Option> Identity() =>
    [
        Int<BrokerConfig>("broker.id", -1, -1, int.MaxValue, "The broker's number in the cluster; -1 keeps the stored one or generates one.", (c, v) => c with { BrokerId = v }),
        Parsed<BrokerConfig>("broker.rack", "string", "", "a name", "The rack the broker stands in.", (c, v) => v.Length > 0 ? c with { Rack = v } : null),
        Parsed<BrokerConfig>("log.dirs", "list", "/tmp/kafka-logs", "the path of one directory", "Where the partitions' logs are kept.", (c, v) => v.Length > 0 && !v.Contains(',') ? c with { LogDir = v.Length > 1 ? v.TrimEnd('/') : v } : null),
        Parsed<BrokerConfig>("listeners", "list", "PLAINTEXT://:9092", "one listener PLAINTEXT://HOST:PORT", "Where the broker listens.", (c, v) => EndpointText.Listener(v, "0.0.0.0") is { } e ? c with { Listener = e } : null),
        Parsed<BrokerConfig>("advertised.listeners", "list", "", "one listener PLAINTEXT://HOST:PORT", "What clients and other brokers connect to, if it differs from listeners.", (c, v) => EndpointText.Listener(v, "") is { } e ? c with { AdvertisedListener = e } : null),
        Parsed<BrokerConfig>("zookeeper.connect", "string", "localhost:2181", "HOST:PORT[,HOST:PORT…][/PATH]", "The coordination servers, and the path below which the cluster lives.", (c, v) => IsConnectString(v) ? c with { ZookeeperConnect = v } : null),
        Int<BrokerConfig>("zookeeper.session.timeout.ms", 18_000, 1, int.MaxValue, "After how long without a sign of life the broker's session expires.", (c, v) => c with { ZookeeperSessionTimeoutMs = v }),
        Int<BrokerConfig>("socket.request.max.bytes", 100 * 1024 * 1024, 1, int.MaxValue, "The longest request accepted; a longer one closes its connection.", (c, v) => c with { SocketRequestMaxBytes = v }),
        Int<BrokerConfig>("max.connections", int.MaxValue, 1, int.MaxValue, "Connections open at once; further ones are closed.", (c, v) => c with { MaxConnections = v }),
    ];

    private static IEnumerable<Option> Topics() =>
    [
        Int<BrokerConfig>("num.partitions", 1, 1, 100_000, "Partitions of a topic whose creator names none.", (c, v) => c with { NumPartitions = v }),
        Int<BrokerConfig>("default.replication.factor", 1, 1, short.MaxValue, "Replicas of a topic whose creator names none.", (c, v) => c with { DefaultReplicationFactor = (short)v }),
        Int<BrokerConfig>("min.insync.replicas", 1, 1, int.MaxValue, "In-sync replicas that an append with acks=all needs.", (c, v) => c with { MinInsyncReplicas = v }),
        Boolean<BrokerConfig>("auto.create.topics.enable", true, "Whether asking for the metadata of an unknown topic creates it.", (c, v) => c with { AutoCreateTopics = v }),
        Boolean<BrokerConfig>("delete.topic.enable", true, "Whether topics can be deleted.", (c, v) => c with { DeleteTopics = v }),
        Boolean<BrokerConfig>("unclean.leader.election.enable", false, "Whether a replica outside the ISR may lead when none inside it lives; records can be lost.", (c, v) => c with { UncleanLeaderElection = v }),
        Parsed<BrokerConfig>("auto.leader.rebalance.enable", "boolean", "false", "false: leaders are not moved back by themselves yet", "Whether leadership returns to preferred replicas by itself.", (c, v) => v == "false" ? c with { AutoLeaderRebalance = false } : null),
    ];

    private static IEnumerable<Option> Replication() =>
    [
        Long<BrokerConfig>("replica.lag.time.max.ms", 30_000, 1, "A follower that has not caught up for this long leaves the ISR.", (c, v) => c with { ReplicaLagTimeMaxMs = v }),
        Int<BrokerConfig>("replica.fetch.max.bytes", 1024 * 1024, 0, int.MaxValue, "Bytes a follower asks for per partition.", (c, v) => c with { ReplicaFetchMaxBytes = v }),
        Int<BrokerConfig>("replica.fetch.response.max.bytes", 10 * 1024 * 1024, 0, int.MaxValue, "Bytes a follower asks for in one answer.", (c, v) => c with { ReplicaFetchResponseMaxBytes = v }),
        Int<BrokerConfig>("replica.fetch.min.bytes", 1, 0, int.MaxValue, "Bytes that end a follower's wait.", (c, v) => c with { ReplicaFetchMinBytes = v }),
        Int<BrokerConfig>("replica.fetch.wait.max.ms", 500, 0, int.MaxValue, "How long a follower's fetch may wait for bytes.", (c, v) => c with { ReplicaFetchWaitMaxMs = v }),
        Int<BrokerConfig>("replica.fetch.backoff.ms", 1000, 0, int.MaxValue, "How long a follower waits after a failure.", (c, v) => c with { ReplicaFetchBackoffMs = v }),
        Int<BrokerConfig>("replica.socket.timeout.ms", 30_000, 1, int.MaxValue, "How long a follower waits for an answer.", (c, v) => c with { ReplicaSocketTimeoutMs = v }),
        Long<BrokerConfig>("replica.high.watermark.checkpoint.interval.ms", 5_000, 1, "How often high watermarks are stored.", (c, v) => c with { HighWatermarkCheckpointIntervalMs = v }),
        Int<BrokerConfig>("fetch.max.bytes", 55 * 1024 * 1024, 1024, int.MaxValue, "Bytes of any answer to a fetch.", (c, v) => c with { FetchMaxBytes = v }),
    ];

    private static IEnumerable<Option> Shutdown() =>
    [
        Boolean<BrokerConfig>("controlled.shutdown.enable", true, "Whether a stopping broker first asks the controller to move its leaders away.", (c, v) => c with { ControlledShutdown = v }),
        Int<BrokerConfig>("controlled.shutdown.max.retries", 3, 0, int.MaxValue, "How often that is tried again.", (c, v) => c with { ControlledShutdownMaxRetries = v }),
        Long<BrokerConfig>("controlled.shutdown.retry.backoff.ms", 5_000, 0, "The pause between two tries.", (c, v) => c with { ControlledShutdownRetryBackoffMs = v }),
        Int<BrokerConfig>("controller.socket.timeout.ms", 30_000, 1, int.MaxValue, "How long controller and broker wait for each other's answers.", (c, v) => c with { ControllerSocketTimeoutMs = v }),
    ];

    private static IEnumerable<Option> Log() =>
    [
        Int<BrokerConfig>("log.segment.bytes", 1 << 30, 14, int.MaxValue, "Size at which a segment is rolled.", (c, v) => c with { Log = c.Log with { SegmentBytes = v } }),
        Long<BrokerConfig>("log.roll.ms", 168 * HourMs, 1, "Age at which a segment is rolled.", (c, v) => c with { Log = c.Log with { SegmentMillis = v } }),
        Int<BrokerConfig>("log.index.size.max.bytes", 10 << 20, 4, int.MaxValue, "Size of an index at which its segment is rolled.", (c, v) => c with { Log = c.Log with { SegmentIndexBytes = v } }),
        Int<BrokerConfig>("log.index.interval.bytes", 4096, 0, int.MaxValue, "Bytes of log between two index entries.", (c, v) => c with { Log = c.Log with { IndexIntervalBytes = v } }),
        Long<BrokerConfig>("log.retention.ms", 168 * HourMs, -1, "Age at which segments are deleted; -1: never.", (c, v) => c with { Log = c.Log with { RetentionMillis = v } }),
        Long<BrokerConfig>("log.retention.bytes", -1, -1, "Size of a log above which old segments are deleted; -1: none.", (c, v) => c with { Log = c.Log with { RetentionBytes = v } }),
        Long<BrokerConfig>("log.retention.check.interval.ms", 300_000, 1, "How often that is checked.", (c, v) => c with { LogRetentionCheckIntervalMs = v }),
        Long<BrokerConfig>("log.segment.delete.delay.ms", 60_000, 0, "How long the files of deleted segments stay.", (c, v) => c with { Log = c.Log with { FileDeleteDelayMillis = v } }),
        Int<BrokerConfig>("message.max.bytes", 1_048_588, 0, int.MaxValue, "The largest batch accepted.", (c, v) => c with { Log = c.Log with { MaxMessageBytes = v } }),
        Parsed<BrokerConfig>("log.message.timestamp.type", "string", "CreateTime", "CreateTime or LogAppendTime", "Who sets the timestamps.", (c, v) => TopicOptions.ParseTimestampType(v) is { } t ? c with { Log = c.Log with { MessageTimestampType = t } } : null),
        Long<BrokerConfig>("log.message.timestamp.difference.max.ms", long.MaxValue, 0, "How far a producer's timestamp may be from the broker's clock.", (c, v) => c with { Log = c.Log with { MessageTimestampDifferenceMaxMillis = v } }),
    ];

    private static IEnumerable<Option> Flush() =>
    [
        Long<BrokerConfig>("log.flush.interval.messages", long.MaxValue, 1, "Unflushed records after which an append waits for the disk.", (c, v) => c with { Log = c.Log with { FlushMessages = v } }),
        Long<BrokerConfig>("log.flush.interval.ms", long.MaxValue, 0, "After how long unflushed records are flushed.", (c, v) => c with { Log = c.Log with { FlushMillis = v } }),
        Long<BrokerConfig>("log.flush.scheduler.interval.ms", long.MaxValue, 1, "How often that is checked.", (c, v) => c with { LogFlushSchedulerIntervalMs = v }),
        Long<BrokerConfig>("log.flush.offset.checkpoint.interval.ms", 60_000, 1, "How often recovery points are stored.", (c, v) => c with { LogFlushOffsetCheckpointIntervalMs = v }),
    ];

    private static bool IsConnectString(string text)
    {
        try
        {
            ConnectString.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
