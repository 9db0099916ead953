using System;
using System.Collections.Generic;
using Reference.Broker.Replication;
using Reference.Coordination;
using Reference.Rpc.Configuration;
using Simulator.Platform;
using static Reference.Rpc.Configuration.ConfigOption;
using Entry = Reference.Rpc.Configuration.ConfigEntry<Reference.Broker.Configuration.BrokerConfig>;

namespace Reference.Broker.Configuration;

/// <summary>The options of a broker that exist here.</summary>
public static class BrokerOptions
{
    private const string SelectorPackage = "org.apache.kafka.common.replica";

    /// <summary>The table.</summary>
    public static ConfigTable<BrokerConfig> Table { get; } = new("broker", [.. Identity(), .. Topics(), .. Replication(), .. Shutdown(), .. BrokerLogOptions.Log(), .. BrokerLogOptions.Flush(), .. BrokerLogOptions.Cleaner()]);

    private static IEnumerable<Entry> Identity() =>
    [
        Entry.Of(Int32("broker.id", -1, "The broker's number in the cluster; -1 keeps the stored one or generates one.", -1), (c, v) => c with { BrokerId = v }),
        Entry.Of(Text("broker.rack", "", "The rack the broker stands in.", static v => v.Length > 0 ? null : "it is empty", "a name"), (c, v) => c with { Rack = v }),
        Entry.Of(LogDirsText.One("log.dir", "Where the partitions' logs are kept, if log.dirs does not say."), (c, v) => c with { LogDir = v }),
        Entry.Of(LogDirsText.Several("log.dirs", "Over which directories the partitions' logs are spread."), (c, v) => c with { LogDirs = v }),
        Entry.Of(Listener("listeners", new Endpoint("0.0.0.0", 9092), "Where the broker listens."), (c, v) => c with { Listener = v }),
        Entry.Of(Listener("advertised.listeners", EndpointText.None, "What clients and other brokers connect to, if it differs from listeners."), (c, v) => c with { AdvertisedListener = v }),
        Entry.Of(Text("zookeeper.connect", "localhost:2181", "The coordination servers, and the path below which the cluster lives.", ConnectStringComplaint, "HOST:PORT[,HOST:PORT…][/PATH]"), (c, v) => c with { ZookeeperConnect = v }),
        Entry.Of(Int32("zookeeper.session.timeout.ms", 18_000, "After how long without a sign of life the broker's session expires.", 1), (c, v) => c with { ZookeeperSessionTimeoutMs = v }),
        Entry.Of(Int32("zookeeper.connection.timeout.ms", 0, "How long a start waits for a coordination server; 0: as long as zookeeper.session.timeout.ms.", 0), (c, v) => c with { ZookeeperConnectionTimeoutMs = v }),
        Entry.Of(Int32("socket.request.max.bytes", 100 * 1024 * 1024, "The longest request accepted; a longer one closes its connection.", 1), (c, v) => c with { SocketRequestMaxBytes = v }),
        Entry.Of(Int32("max.connections", int.MaxValue, "Connections open at once; further ones are closed.", 1), (c, v) => c with { MaxConnections = v }),
        Entry.Of(Int64("connections.max.idle.ms", 600_000, "How long a connection may be silent before it is closed; -1: for ever.", -1), (c, v) => c with { ConnectionsMaxIdleMs = v }),
    ];

    private static IEnumerable<Entry> Topics() =>
    [
        Entry.Of(Int32("num.partitions", 1, "Partitions of a topic whose creator names none.", 1, 100_000), (c, v) => c with { NumPartitions = v }),
        Entry.Of(Int32("default.replication.factor", 1, "Replicas of a topic whose creator names none.", 1, short.MaxValue), (c, v) => c with { DefaultReplicationFactor = (short)v }),
        Entry.Of(Int32("min.insync.replicas", 1, "In-sync replicas that an append with acks=all needs.", 1), (c, v) => c with { MinInsyncReplicas = v }),
        Entry.Of(Boolean("auto.create.topics.enable", true, "Whether asking for the metadata of an unknown topic creates it."), (c, v) => c with { AutoCreateTopics = v }),
        Entry.Of(Boolean("delete.topic.enable", true, "Whether topics can be deleted."), (c, v) => c with { DeleteTopics = v }),
        Entry.Of(Boolean(TopicOptions.UncleanLeaderElection, false, "Whether a replica outside the ISR may lead when none inside it lives; records can be lost."), (c, v) => c with { UncleanLeaderElection = v }),
        Entry.Of(Boolean("auto.leader.rebalance.enable", true, "Whether leadership returns to preferred replicas by itself."), (c, v) => c with { AutoLeaderRebalance = v }),
        Entry.Of(Int64("leader.imbalance.check.interval.seconds", 300, "How often the controller looks whether it should.", 1, 1_000_000), (c, v) => c with { LeaderImbalanceCheckIntervalSeconds = v }),
        Entry.Of(Int32("leader.imbalance.per.broker.percentage", 10, "The share of a broker's preferred leaderships that may be elsewhere.", 0, 100), (c, v) => c with { LeaderImbalancePerBrokerPercentage = v }),
    ];

    private static IEnumerable<Entry> Replication() =>
    [
        Entry.Of(Int64("replica.lag.time.max.ms", 30_000, "A follower that has not caught up for this long leaves the ISR.", 1), (c, v) => c with { ReplicaLagTimeMaxMs = v }),
        Entry.Of(Int32("replica.fetch.max.bytes", 1024 * 1024, "Bytes a follower asks for per partition.", 0), (c, v) => c with { ReplicaFetchMaxBytes = v }),
        Entry.Of(Int32("replica.fetch.response.max.bytes", 10 * 1024 * 1024, "Bytes a follower asks for in one answer.", 0), (c, v) => c with { ReplicaFetchResponseMaxBytes = v }),
        Entry.Of(Int32("replica.fetch.min.bytes", 1, "Bytes that end a follower's wait.", 0), (c, v) => c with { ReplicaFetchMinBytes = v }),
        Entry.Of(Int32("replica.fetch.wait.max.ms", 500, "How long a follower's fetch may wait for bytes.", 0), (c, v) => c with { ReplicaFetchWaitMaxMs = v }),
        Entry.Of(Int32("replica.fetch.backoff.ms", 1000, "How long a follower waits after a failure.", 0), (c, v) => c with { ReplicaFetchBackoffMs = v }),
        Entry.Of(Int32("replica.socket.timeout.ms", 30_000, "How long a follower waits for an answer.", 1), (c, v) => c with { ReplicaSocketTimeoutMs = v }),
        Entry.Of(Int64("replica.high.watermark.checkpoint.interval.ms", 5_000, "How often high watermarks are stored.", 1), (c, v) => c with { HighWatermarkCheckpointIntervalMs = v }),
        Entry.Of(OneOf("replica.selector.class", ReplicaSelector.Leader, "Who chooses the replica that a consumer reads from.", ($"{SelectorPackage}.LeaderSelector", ReplicaSelector.Leader), ($"{SelectorPackage}.RackAwareReplicaSelector", ReplicaSelector.RackAware)), (c, v) => c with { ReplicaSelector = v }),
        Entry.Of(Int64("leader.replication.throttled.rate", long.MaxValue, "Bytes per second that throttled followers out of sync get from this broker.", 0), (c, v) => c with { LeaderReplicationThrottledRate = v }),
        Entry.Of(Int64("follower.replication.throttled.rate", long.MaxValue, "Bytes per second that throttled replicas of this broker fetch while they are out of sync.", 0), (c, v) => c with { FollowerReplicationThrottledRate = v }),
        Entry.Of(Int32("replication.quota.window.num", 11, "Windows over which these rates are measured.", 1), (c, v) => c with { ReplicationQuotaWindows = v }),
        Entry.Of(Int32("replication.quota.window.size.seconds", 1, "Length of such a window.", 1), (c, v) => c with { ReplicationQuotaWindowSeconds = v }),
        Entry.Of(Int32("max.incremental.fetch.session.cache.slots", 1000, "Fetch sessions kept at once.", 0), (c, v) => c with { MaxIncrementalFetchSessionCacheSlots = v }),
        Entry.Of(Int32("fetch.max.bytes", 55 * 1024 * 1024, "Bytes of any answer to a fetch.", 1024), (c, v) => c with { FetchMaxBytes = v }),
    ];

    private static IEnumerable<Entry> Shutdown() =>
    [
        Entry.Of(Boolean("controlled.shutdown.enable", true, "Whether a stopping broker first asks the controller to move its leaders away."), (c, v) => c with { ControlledShutdown = v }),
        Entry.Of(Int32("controlled.shutdown.max.retries", 3, "How often that is tried again.", 0), (c, v) => c with { ControlledShutdownMaxRetries = v }),
        Entry.Of(Int64("controlled.shutdown.retry.backoff.ms", 5_000, "The pause between two tries.", 0), (c, v) => c with { ControlledShutdownRetryBackoffMs = v }),
        Entry.Of(Int32("controller.socket.timeout.ms", 30_000, "How long controller and broker wait for each other's answers.", 1), (c, v) => c with { ControllerSocketTimeoutMs = v }),
    ];

    private static ConfigOption<Endpoint> Listener(string name, Endpoint defaultValue, string documentation)
    {
        // Where to listen may leave the host out; what is advertised must name one.
        var host = defaultValue.Host;
        return new(name, "list", defaultValue, documentation, t => EndpointText.Listener(t, host), print: EndpointText.Print, expected: "one listener PLAINTEXT://HOST:PORT");
    }

    private static string? ConnectStringComplaint(string text)
    {
        try
        {
            ConnectString.Parse(text);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
