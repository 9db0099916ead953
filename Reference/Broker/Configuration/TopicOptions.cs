using System;
using System.Collections.Generic;
using System.Globalization;
using Reference.Broker.Replication;
using Reference.Broker.Storage;
using Reference.Rpc.Configuration;
using Reference.Wire;
using static Reference.Rpc.Configuration.ConfigOption;
using Entry = Reference.Rpc.Configuration.ConfigEntry<Reference.Broker.Configuration.TopicConfig>;

namespace Reference.Broker.Configuration;

/// <summary>What governs one topic: the broker's defaults with what the topic overrides.</summary>
/// <param name="Log">Of its logs.</param>
/// <param name="MinInsyncReplicas"><c>min.insync.replicas</c>.</param>
/// <param name="UncleanLeaderElection"><c>unclean.leader.election.enable</c>.</param>
public sealed record TopicConfig(LogConfig Log, int MinInsyncReplicas, bool UncleanLeaderElection)
{
    /// <summary><c>leader.replication.throttled.replicas</c>.</summary>
    public ThrottledReplicas LeaderThrottled { get; init; } = ThrottledReplicas.None;

    /// <summary><c>follower.replication.throttled.replicas</c>.</summary>
    public ThrottledReplicas FollowerThrottled { get; init; } = ThrottledReplicas.None;

    /// <summary><c>message.downconversion.enable</c>: whether fetchers of before record batches are served.</summary>
    public bool DownConversion { get; init; } = true;

    /// <summary>A topic that overrides nothing.</summary>
    public static TopicConfig DefaultsOf(BrokerConfig broker) => new(broker.Log, broker.MinInsyncReplicas, broker.UncleanLeaderElection);

    /// <summary>A topic with overrides by Kafka's names.</summary>
    /// <exception cref="ConfigException">An unknown name, a wrong value, or values that contradict each other.</exception>
    public static TopicConfig Parse(BrokerConfig broker, IReadOnlyDictionary<string, string> overrides)
    {
        var config = TopicOptions.Table.Apply(DefaultsOf(broker), overrides);
        return TopicOptions.LagComplaint(config.Log) is { } complaint
            ? throw new ConfigException("max.compaction.lag.ms", $"The topic option {complaint}")
            : config;
    }
}

/// <summary>The options of a topic that exist here.</summary>
public static class TopicOptions
{
    /// <summary>Whether a replica outside the ISR may lead when none inside it lives; brokers have this option too.</summary>
    public const string UncleanLeaderElection = "unclean.leader.election.enable";

    private const string CompressionOption = "compression.type";
    private const string FormatOption = "message.format.version";

    /// <summary>The table.</summary>
    public static ConfigTable<TopicConfig> Table { get; } = new(
        "topic",
        [
            Entry.Of(Int32("segment.bytes", 1 << 30, "Size at which a segment is rolled.", 14), (c, v) => c with { Log = c.Log with { SegmentBytes = v } }),
            Entry.Of(Int64("segment.ms", 604_800_000, "Age at which a segment is rolled.", 1), (c, v) => c with { Log = c.Log with { SegmentMillis = v } }),
            Entry.Of(Int32("segment.index.bytes", 10 << 20, "Size of an index at which its segment is rolled.", 4), (c, v) => c with { Log = c.Log with { SegmentIndexBytes = v } }),
            Entry.Of(Int32("index.interval.bytes", 4096, "Bytes of log between two index entries.", 0), (c, v) => c with { Log = c.Log with { IndexIntervalBytes = v } }),
            Entry.Of(Int64("retention.ms", 604_800_000, "Age at which segments are deleted; -1: never.", -1), (c, v) => c with { Log = c.Log with { RetentionMillis = v } }),
            Entry.Of(Int64("retention.bytes", -1, "Size above which old segments are deleted; -1: none.", -1), (c, v) => c with { Log = c.Log with { RetentionBytes = v } }),
            Entry.Of(Int64("flush.messages", long.MaxValue, "Unflushed records after which an append waits for the disk.", 1), (c, v) => c with { Log = c.Log with { FlushMessages = v } }),
            Entry.Of(Int64("flush.ms", long.MaxValue, "After how long unflushed records are flushed.", 0), (c, v) => c with { Log = c.Log with { FlushMillis = v } }),
            Entry.Of(Int32("max.message.bytes", 1_048_588, "The largest batch accepted.", 0), (c, v) => c with { Log = c.Log with { MaxMessageBytes = v } }),
            Entry.Of(MessageTimestampType("message.timestamp.type"), (c, v) => c with { Log = c.Log with { MessageTimestampType = v } }),
            Entry.Of(Int64("message.timestamp.difference.max.ms", long.MaxValue, "How far a producer's timestamp may be from the broker's clock.", 0), (c, v) => c with { Log = c.Log with { MessageTimestampDifferenceMaxMillis = v } }),
            Entry.Of(Int64("file.delete.delay.ms", 60_000, "How long the files of deleted segments stay.", 0), (c, v) => c with { Log = c.Log with { FileDeleteDelayMillis = v } }),
            Entry.Of(Int32("min.insync.replicas", 1, "In-sync replicas that an append with acks=all needs.", 1), (c, v) => c with { MinInsyncReplicas = v }),
            Entry.Of(Throttled("leader.replication.throttled.replicas", "Replicas that send under leader.replication.throttled.rate."), (c, v) => c with { LeaderThrottled = v }),
            Entry.Of(Throttled("follower.replication.throttled.replicas", "Replicas that fetch under follower.replication.throttled.rate."), (c, v) => c with { FollowerThrottled = v }),
            Entry.Of(Boolean(UncleanLeaderElection, false, "Whether a replica outside the ISR may lead."), (c, v) => c with { UncleanLeaderElection = v }),
            Entry.Of(Int64("segment.jitter.ms", 0, "Up to how much earlier a segment is rolled, drawn for each.", 0), (c, v) => c with { Log = c.Log with { SegmentJitterMillis = v } }),
            Entry.Of(Boolean("preallocate", false, "Whether new segments get their whole size at once."), (c, v) => c with { Log = c.Log with { Preallocate = v } }),
            Entry.Of(CleanupPolicy("cleanup.policy"), (c, v) => c with { Log = c.Log with { CleanupPolicy = v } }),
            Entry.Of(Ratio("min.cleanable.dirty.ratio", 0.5, "The share of uncleaned bytes above which a log is compacted."), (c, v) => c with { Log = c.Log with { MinCleanableDirtyRatio = v } }),
            Entry.Of(Int64("min.compaction.lag.ms", 0, "How long a record stays uncompacted at least.", 0), (c, v) => c with { Log = c.Log with { MinCompactionLagMillis = v } }),
            Entry.Of(Int64("max.compaction.lag.ms", long.MaxValue, "How long a record may stay uncompacted.", 1), (c, v) => c with { Log = c.Log with { MaxCompactionLagMillis = v } }),
            Entry.Of(Int64("delete.retention.ms", 86_400_000, "How long tombstones stay after their first compaction.", 0), (c, v) => c with { Log = c.Log with { DeleteRetentionMillis = v } }),
            Entry.Of(Boolean("message.downconversion.enable", true, "Whether fetchers of before record batches are served."), (c, v) => c with { DownConversion = v }),
            Entry.Of(Text(CompressionOption, "producer", "Who compresses: batches stay as producers send them.", static v => v == "producer" ? null : "producer is required", "producer, since batches stay as producers compress them"), static (c, _) => c),
            Entry.Of(Text(FormatOption, "2.5-IV0", "The format of batches on disk, which is that of Kafka 0.11 and later.", static v => HasRecordBatches(v) ? null : "0.11.0 or later is required", "a version of Kafka from 0.11.0 on, since batches are stored in its format"), static (c, _) => c),
        ]);

    /// <summary>True for an option whose neglect endangers no record: a value that cannot be served is told of, and passed over.</summary>
    internal static bool IsHarmless(string name) => name is CompressionOption or FormatOption;

    /// <summary>What is wrong with the compaction lags, to follow "The topic option "; null if nothing is.</summary>
    internal static string? LagComplaint(LogConfig log) => log.MaxCompactionLagMillis < log.MinCompactionLagMillis
        ? $"max.compaction.lag.ms has the value '{log.MaxCompactionLagMillis}', but expected is at least min.compaction.lag.ms ({log.MinCompactionLagMillis})."
        : null;

    /// <summary>What becomes of old segments; the broker and its topics have the same option by two names.</summary>
    internal static ConfigOption<CleanupPolicies> CleanupPolicy(string name) => new(
        name,
        "list",
        CleanupPolicies.Delete,
        "What becomes of old segments.",
        static text =>
        {
            CleanupPolicies found = 0;
            foreach (var word in text.Split(',', StringSplitOptions.TrimEntries))
            {
                if (word is not ("delete" or "compact")) return null;
                found |= word == "delete" ? CleanupPolicies.Delete : CleanupPolicies.Compact;
            }

            return found;
        },
        print: static v => v switch { CleanupPolicies.Delete => "delete", CleanupPolicies.Compact => "compact", _ => "compact,delete" },
        expected: "delete, compact, or both separated by a comma");

    /// <summary>A share from 0 to 1, both allowed.</summary>
    internal static ConfigOption<double> Ratio(string name, double defaultValue, string documentation) =>
        Number(name, defaultValue, documentation, static v => v is >= 0 and <= 1, "a number from 0 to 1");

    /// <summary>A share between 0.01 and 0.99.</summary>
    internal static ConfigOption<double> Share(string name, double defaultValue, string documentation) =>
        Number(name, defaultValue, documentation, static v => v is >= 0.01 and <= 0.99, "a number from 0.01 to 0.99");

    /// <summary>A number of at least 1.</summary>
    internal static ConfigOption<double> Positive(string name, double defaultValue, string documentation) =>
        Number(name, defaultValue, documentation, static v => v >= 1, "a number not below 1");

    /// <summary>True for "0.11.0", "2.5", "2.5-IV0" and their like: a version of Kafka that writes record batches.</summary>
    private static bool HasRecordBatches(string version)
    {
        var dash = version.IndexOf("-IV", StringComparison.Ordinal);
        if (dash >= 0 && !int.TryParse(version.AsSpan(dash + 3), NumberStyles.None, CultureInfo.InvariantCulture, out _)) return false;
        var parts = (dash < 0 ? version : version[..dash]).Split('.');
        if (parts.Length is < 2 or > 4) return false;
        var numbers = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return false;
        }

        return numbers[0] > 0 || numbers[1] >= 11;
    }

    private static ConfigOption<ThrottledReplicas> Throttled(string name, string documentation) =>
        new(name, "list", ThrottledReplicas.None, documentation, ThrottledReplicas.Parse, print: static v => v.Text, expected: "*, or a list of PARTITION:BROKER");

    /// <summary>Who sets the timestamps; the broker and its topics have the same option by two names. Letter case counts.</summary>
    internal static ConfigOption<TimestampType> MessageTimestampType(string name) => new(
        name,
        "string",
        TimestampType.CreateTime,
        "Who sets the timestamps.",
        static text => text switch
        {
            "CreateTime" => TimestampType.CreateTime,
            "LogAppendTime" => TimestampType.LogAppendTime,
            _ => null,
        },
        expected: "CreateTime or LogAppendTime");

    private static ConfigOption<double> Number(string name, double defaultValue, string documentation, Func<double, bool> isAllowed, string expected) => new(
        name,
        "double",
        defaultValue,
        documentation,
        static t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) ? v : null,
        v => isAllowed(v) ? null : $"{expected} is required",
        expected: expected);
}
