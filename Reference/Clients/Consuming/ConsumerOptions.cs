using System;
using System.Collections.Generic;
using Reference.Rpc.Configuration;

namespace Reference.Clients.Consuming;

/// <summary>How a consumer behaves. Each property documents itself by its option in <see cref="ConsumerConfig"/>.</summary>
public sealed record ConsumerOptions : ClientOptions
{
    /// <summary><c>auto.offset.reset</c>.</summary>
    public OffsetReset AutoOffsetReset { get; init; } = ConsumerConfig.AutoOffsetReset.Default;

    /// <summary><c>fetch.min.bytes</c>.</summary>
    public int FetchMinBytes { get; init; } = ConsumerConfig.FetchMinBytes.Default;

    /// <summary><c>fetch.max.bytes</c>.</summary>
    public int FetchMaxBytes { get; init; } = ConsumerConfig.FetchMaxBytes.Default;

    /// <summary><c>max.partition.fetch.bytes</c>.</summary>
    public int MaxPartitionFetchBytes { get; init; } = ConsumerConfig.MaxPartitionFetchBytes.Default;

    /// <summary><c>fetch.max.wait.ms</c>.</summary>
    public TimeSpan FetchMaxWait { get; init; } = ConsumerConfig.FetchMaxWait.Default;

    /// <summary><c>max.poll.records</c>.</summary>
    public int MaxPollRecords { get; init; } = ConsumerConfig.MaxPollRecords.Default;

    /// <summary><c>check.crcs</c>.</summary>
    public bool CheckCrcs { get; init; } = ConsumerConfig.CheckCrcs.Default;

    /// <summary><c>client.rack</c>; empty for none.</summary>
    public string ClientRack { get; init; } = ConsumerConfig.ClientRack.Default;

    /// <summary><c>allow.auto.create.topics</c>.</summary>
    public bool AllowAutoCreateTopics { get; init; } = ConsumerConfig.AllowAutoCreateTopics.Default;

    /// <inheritdoc/>
    public override bool MayCreateTopics => AllowAutoCreateTopics;

    /// <summary>Reads a configuration of Kafka's names.</summary>
    /// <exception cref="ConfigException">Unknown option, bad value, or a contradiction.</exception>
    public static ConsumerOptions Parse(IEnumerable<KeyValuePair<string, string>> configuration) =>
        Parse<ConsumerOptions>(ConsumerConfig.Definition, configuration, static (options, values) => options with
        {
            AutoOffsetReset = values.Get(ConsumerConfig.AutoOffsetReset),
            FetchMinBytes = values.Get(ConsumerConfig.FetchMinBytes),
            FetchMaxBytes = values.Get(ConsumerConfig.FetchMaxBytes),
            MaxPartitionFetchBytes = values.Get(ConsumerConfig.MaxPartitionFetchBytes),
            FetchMaxWait = values.Get(ConsumerConfig.FetchMaxWait),
            MaxPollRecords = values.Get(ConsumerConfig.MaxPollRecords),
            CheckCrcs = values.Get(ConsumerConfig.CheckCrcs),
            ClientRack = values.Get(ConsumerConfig.ClientRack),
            AllowAutoCreateTopics = values.Get(ConsumerConfig.AllowAutoCreateTopics),
        });

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        ConsumerConfig.FetchMinBytes.Check(FetchMinBytes);
        ConsumerConfig.FetchMaxBytes.Check(FetchMaxBytes);
        ConsumerConfig.MaxPartitionFetchBytes.Check(MaxPartitionFetchBytes);
        ConsumerConfig.MaxPollRecords.Check(MaxPollRecords);
        if (FetchMaxWait >= RequestTimeout)
            throw new ConfigException(ConsumerConfig.FetchMaxWait.Name, "The option fetch.max.wait.ms must be less than request.timeout.ms.");
    }
}
