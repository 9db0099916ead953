using System;
using System.Collections.Generic;
using Reference.Broker.Configuration;

namespace Scenarios.Cluster;

/// <summary>Configurations that brokers of one cluster may have side by side while an operator rolls out a change.</summary>
public static class BrokerVariants
{
    /// <summary>The configuration that the seed chose.</summary>
    public const string Usual = "usual";

    private const string SmallSegments = "small-segments";
    private const string SmallFetches = "small-fetches";
    private const string Patient = "patient";
    private const string Hasty = "hasty";

    /// <summary>All of them by name.</summary>
    public static IReadOnlyList<string> All { get; } = [Usual, SmallSegments, SmallFetches, Patient, Hasty];

    /// <summary>A broker's configuration as a variant has it.</summary>
    /// <exception cref="ArgumentException">There is no such variant.</exception>
    public static BrokerConfig Apply(string variant, BrokerConfig usual) => variant switch
    {
        Usual => usual,
        SmallSegments => usual with { Log = usual.Log with { SegmentBytes = 2_048, IndexIntervalBytes = 256 } },
        SmallFetches => usual with { ReplicaFetchMaxBytes = 2_048, ReplicaFetchWaitMaxMs = 20 },
        Patient => usual with { ReplicaLagTimeMaxMs = usual.ReplicaLagTimeMaxMs * 3, ZookeeperSessionTimeoutMs = usual.ZookeeperSessionTimeoutMs * 2 },
        Hasty => usual with { ReplicaLagTimeMaxMs = Math.Max(1_500, usual.ReplicaLagTimeMaxMs / 3), HighWatermarkCheckpointIntervalMs = 500 },
        _ => throw new ArgumentException($"There is no variant '{variant}' of a broker's configuration; there are: {string.Join(", ", All)}.", nameof(variant)),
    };
}
