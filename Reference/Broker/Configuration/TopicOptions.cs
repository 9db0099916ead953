using System.Collections.Generic;
using Reference.Broker.Storage;
using Reference.Rpc.Configuration;
using Reference.Wire;
using static Reference.Broker.Configuration.ConfigOption;

namespace Reference.Broker.Configuration;

/// <summary>What governs one topic: the broker's defaults with what the topic overrides.</summary>
/// <param name="Log">Of its logs.</param>
/// <param name="MinInsyncReplicas"><c>min.insync.replicas</c>.</param>
/// <param name="UncleanLeaderElection"><c>unclean.leader.election.enable</c>.</param>
public sealed record TopicConfig(LogConfig Log, int MinInsyncReplicas, bool UncleanLeaderElection)
{
    /// <summary>A topic that overrides nothing.</summary>
    public static TopicConfig DefaultsOf(BrokerConfig broker) => new(broker.Log, broker.MinInsyncReplicas, broker.UncleanLeaderElection);

    /// <summary>A topic with overrides by Kafka's names.</summary>
    /// <exception cref="ConfigException">An unknown name or a wrong value.</exception>
    public static TopicConfig Parse(BrokerConfig broker, IReadOnlyDictionary<string, string> overrides) =>
        TopicOptions.Table.Apply(DefaultsOf(broker), overrides);
}

/// <summary>The options of a topic that exist here.</summary>
public static class TopicOptions
{
    /// <summary>The table.</summary>
    public static ConfigTable<TopicConfig> Table { get; } = new(
        "topic",
        [
            Int<TopicConfig>("segment.bytes", 1 << 30, 14, int.MaxValue, "Size at which a segment is rolled.", (c, v) => c with { Log = c.Log with { SegmentBytes = v } }),
            Long<TopicConfig>("segment.ms", 604_800_000, 1, "Age at which a segment is rolled.", (c, v) => c with { Log = c.Log with { SegmentMillis = v } }),
            Int<TopicConfig>("segment.index.bytes", 10 << 20, 4, int.MaxValue, "Size of an index at which its segment is rolled.", (c, v) => c with { Log = c.Log with { SegmentIndexBytes = v } }),
            Int<TopicConfig>("index.interval.bytes", 4096, 0, int.MaxValue, "Bytes of log between two index entries.", (c, v) => c with { Log = c.Log with { IndexIntervalBytes = v } }),
            Long<TopicConfig>("retention.ms", 604_800_000, -1, "Age at which segments are deleted; -1: never.", (c, v) => c with { Log = c.Log with { RetentionMillis = v } }),
            Long<TopicConfig>("retention.bytes", -1, -1, "Size above which old segments are deleted; -1: none.", (c, v) => c with { Log = c.Log with { RetentionBytes = v } }),
            Long<TopicConfig>("flush.messages", long.MaxValue, 1, "Unflushed records after which an append waits for the disk.", (c, v) => c with { Log = c.Log with { FlushMessages = v } }),
            Long<TopicConfig>("flush.ms", long.MaxValue, 0, "After how long unflushed records are flushed.", (c, v) => c with { Log = c.Log with { FlushMillis = v } }),
            Int<TopicConfig>("max.message.bytes", 1_048_588, 0, int.MaxValue, "The largest batch accepted.", (c, v) => c with { Log = c.Log with { MaxMessageBytes = v } }),
            Parsed<TopicConfig>("message.timestamp.type", "string", "CreateTime", "CreateTime or LogAppendTime", "Who sets the timestamps.", (c, v) => ParseTimestampType(v) is { } t ? c with { Log = c.Log with { MessageTimestampType = t } } : null),
            Long<TopicConfig>("message.timestamp.difference.max.ms", long.MaxValue, 0, "How far a producer's timestamp may be from the broker's clock.", (c, v) => c with { Log = c.Log with { MessageTimestampDifferenceMaxMillis = v } }),
            Long<TopicConfig>("file.delete.delay.ms", 60_000, 0, "How long the files of deleted segments stay.", (c, v) => c with { Log = c.Log with { FileDeleteDelayMillis = v } }),
            Int<TopicConfig>("min.insync.replicas", 1, 1, int.MaxValue, "In-sync replicas that an append with acks=all needs.", (c, v) => c with { MinInsyncReplicas = v }),
            Boolean<TopicConfig>("unclean.leader.election.enable", false, "Whether a replica outside the ISR may lead.", (c, v) => c with { UncleanLeaderElection = v }),
            Parsed<TopicConfig>("cleanup.policy", "list", "delete", "delete: compaction does not exist yet", "What becomes of old segments.", (c, v) => v == "delete" ? c : null),
        ]);

    /// <summary>"CreateTime" or "LogAppendTime"; null for anything else.</summary>
    public static TimestampType? ParseTimestampType(string text) => text switch
    {
        "CreateTime" => TimestampType.CreateTime,
        "LogAppendTime" => TimestampType.LogAppendTime,
        _ => null,
    };
}
