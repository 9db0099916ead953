using System;
using Reference.Rpc.Configuration;

namespace Reference.Clients.Consuming;

/// <summary>What a consumer does without a valid position.</summary>
public enum OffsetReset
{
    /// <summary>Begin at the log's start.</summary>
    Earliest,

    /// <summary>Begin at the log's end.</summary>
    Latest,

    /// <summary>Throw.</summary>
    None,
}

/// <summary>The consumer's options with Kafka's names and defaults.</summary>
public static class ConsumerConfig
{
    public static readonly ConfigOption<OffsetReset> AutoOffsetReset = ConfigOption.OneOf(
        "auto.offset.reset",
        OffsetReset.Latest,
        "Where to begin without a valid position.",
        ("latest", OffsetReset.Latest),
        ("earliest", OffsetReset.Earliest),
        ("none", OffsetReset.None));

    public static readonly ConfigOption<int> FetchMinBytes = ConfigOption.Int32(
        "fetch.min.bytes", 1, "Bytes that the broker waits for before it answers a fetch.", min: 0);

    public static readonly ConfigOption<int> FetchMaxBytes = ConfigOption.Int32(
        "fetch.max.bytes", 50 * 1024 * 1024, "Bytes of one fetch's answer; a larger first batch is given whole.", min: 1);

    public static readonly ConfigOption<int> MaxPartitionFetchBytes = ConfigOption.Int32(
        "max.partition.fetch.bytes", 1024 * 1024, "Bytes per partition of one fetch's answer.", min: 1);

    public static readonly ConfigOption<TimeSpan> FetchMaxWait = ConfigOption.Milliseconds(
        "fetch.max.wait.ms", 500, "How long the broker may wait for fetch.min.bytes.");

    public static readonly ConfigOption<int> MaxPollRecords = ConfigOption.Int32(
        "max.poll.records", 500, "Records that one poll gives at most.", min: 1);

    public static readonly ConfigOption<bool> CheckCrcs = ConfigOption.Boolean(
        "check.crcs", true, "Whether checksums of batches are verified.");

    public static readonly ConfigOption<string> ClientRack = ConfigOption.Text(
        "client.rack", "", "The rack the consumer stands in: it reads from a replica there, if the broker knows one.");

    public static readonly ConfigOption<bool> AllowAutoCreateTopics = ConfigOption.Boolean(
        "allow.auto.create.topics", true, "Whether assigning a topic may create it where the broker allows that.");

    public static readonly ConfigOption<string> IsolationLevel = ConfigOption.OneOf(
        "isolation.level", "read_uncommitted", "Which records of transactions are given.", ("read_uncommitted", "read_uncommitted"));

    /// <summary>All options of a consumer.</summary>
    public static ConfigDefinition Definition { get; } = new(
        "consumer",
        [.. ClientConfig.All, AutoOffsetReset, FetchMinBytes, FetchMaxBytes, MaxPartitionFetchBytes, FetchMaxWait, MaxPollRecords, CheckCrcs, ClientRack, AllowAutoCreateTopics, IsolationLevel]);
}
