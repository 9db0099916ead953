using System;
using System.Collections.Generic;
using System.ComponentModel.DataAnnotations;
using Simulator.Engine;
using Simulator.Engine.Replay;
using Simulator.Platform;

namespace Scenarios.Cluster;

/// <summary>All that a seed chooses for a run of a cluster scenario: the one function from seed to options.</summary>
public sealed record Swarm
{
    /// <summary>Number of brokers.</summary>
    [Range(1, 9)]
    public required int Brokers { get; init; }

    /// <summary>Number of partitions of the topic.</summary>
    [Range(1, 100)]
    public required int Partitions { get; init; }

    /// <summary>The broker that stands far from all others; 0 for none.</summary>
    [Range(0, 9)]
    public required int FarBroker { get; init; }

    /// <summary>How far, each way.</summary>
    public required TimeSpan Distance { get; init; }

    /// <summary>min.insync.replicas.</summary>
    [Range(1, 9)]
    public required int MinInsyncReplicas { get; init; }

    /// <summary>acks of the second producer; the first one always asks for all.</summary>
    [Range(-1, 1)]
    public required short SecondProducerAcks { get; init; }

    /// <summary>Whether machines may lose power; the log is then flushed with each append, as durability demands.</summary>
    public required bool PowerLoss { get; init; }

    /// <summary>leader.imbalance.check.interval.seconds.</summary>
    [Range(1, 1_000_000)]
    public required int LeaderImbalanceCheckSeconds { get; init; }

    /// <summary>replica.lag.time.max.ms.</summary>
    [Range(1, 3_600_000)]
    public required int ReplicaLagTimeMaxMs { get; init; }

    /// <summary>zookeeper.session.timeout.ms.</summary>
    [Range(1, 3_600_000)]
    public required int SessionTimeoutMs { get; init; }

    /// <summary>replica.fetch.wait.max.ms.</summary>
    [Range(1, 3_600_000)]
    public required int ReplicaFetchWaitMaxMs { get; init; }

    /// <summary>log.segment.bytes.</summary>
    [Range(1024, 1073741824)]
    public required int SegmentBytes { get; init; }

    /// <summary>max.in.flight.requests.per.connection.</summary>
    [Range(1, 1000)]
    public required int MaxInFlightRequests { get; init; }

    /// <summary>Pause between two sends of a producer.</summary>
    public required Range<TimeSpan> SendPause { get; init; }

    /// <summary>Pause between two faults.</summary>
    public required Range<TimeSpan> FaultInterval { get; init; }

    /// <summary>How long the nemesis is at work.</summary>
    public required TimeSpan FaultPhase { get; init; }

    /// <summary>Brokers that stay down while the others must become live again.</summary>
    [Range(0, 9)]
    public required int FallenAtRecovery { get; init; }

    /// <summary>Whether a follower's disk hangs for good once all others have recovered.</summary>
    public required bool HangsAfterRecovery { get; init; }

    /// <summary>Pause between two chores of the operator; zero for no operator.</summary>
    public Range<TimeSpan> ChorePause { get; init; }

    /// <summary>default.replication.factor; 0 for as many as there are brokers.</summary>
    [Range(0, 9)]
    public int ReplicationFactor { get; init; }

    /// <summary>unclean.leader.election.enable of the brokers.</summary>
    public bool UncleanElection { get; init; }

    /// <summary>Number of partitions of a second topic, in which unclean elections are forbidden; 0 for no such topic.</summary>
    [Range(0, 100)]
    public int SafePartitions { get; init; }

    /// <summary>Whether the operator moves partitions, too.</summary>
    public bool MovesPartitions { get; init; }

    /// <summary>Pause between two deletions of records by the operator; zero for none.</summary>
    public Range<TimeSpan> DeletionPause { get; init; }

    /// <summary>cleanup.policy: 1 deletes, 2 compacts, 3 does both; 0 for a topic of which nothing goes in a run's time.</summary>
    [Range(0, 3)]
    public int CleanupPolicy { get; init; }

    /// <summary>Number of keys of a partition; 0: records have none.</summary>
    [Range(0, 1_000_000)]
    public int Keys { get; init; }

    /// <summary>retention.ms; 0 for the default.</summary>
    [Range(0, 604_800_000)]
    public int RetentionMs { get; init; }

    /// <summary>retention.bytes; 0 for the default.</summary>
    [Range(0, 1 << 30)]
    public int RetentionBytes { get; init; }

    /// <summary>min.compaction.lag.ms.</summary>
    [Range(0, 3_600_000)]
    public int MinCompactionLagMs { get; init; }

    /// <summary>delete.retention.ms; 0 for the default.</summary>
    [Range(0, 86_400_000)]
    public int DeleteRetentionMs { get; init; }

    /// <summary>min.cleanable.dirty.ratio, in percent; 0 for the default.</summary>
    [Range(0, 100)]
    public int DirtyPercent { get; init; }

    /// <summary>log.cleaner.dedupe.buffer.size; 0 for the default.</summary>
    [Range(0, 1 << 27)]
    public int DedupeBufferBytes { get; init; }

    /// <summary>Whether brokers spread their logs over two directories, of which one may fail alone.</summary>
    public bool TwoLogDirectories { get; init; }

    /// <summary>True if what unclean elections lose is followed record by record, and nothing else may be lost.</summary>
    public bool AnnouncesLosses => UncleanElection && !IsKeptUp;

    /// <summary>True if committed records may be lost and nobody follows which: only what holds nevertheless is checked.</summary>
    public bool BearsLosses => UncleanElection && IsKeptUp;

    /// <summary>True if something of the topic is compacted or deleted in a run's time.</summary>
    public bool IsKeptUp => CleanupPolicy != 0;

    /// <summary>True if the topic is compacted.</summary>
    public bool Compacts => (CleanupPolicy & 2) != 0;

    /// <summary>True if records of the topic are deleted.</summary>
    public bool Deletes => (CleanupPolicy & 1) != 0;

    /// <summary>Draws all options from the world's seed.</summary>
    public static Swarm Draw(RandomStream random)
    {
        var tempo = random.Chance(0.3) ? random.Next(20, 60) : random.Next(60, 180); // ms; a calm run is cheap, and most bugs need faults rather than load
        return new Swarm
        {
            Brokers = 3,
            Partitions = random.Next(1, 4),
            FarBroker = random.Chance(0.6) ? random.Next(1, 4) : 0,
            Distance = random.NextSpan(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(60)),
            MinInsyncReplicas = random.Chance(0.5) ? 2 : 1,
            SecondProducerAcks = random.Chance(0.6) ? (short)-1 : (short)1,
            PowerLoss = random.Chance(0.4),
            ReplicaLagTimeMaxMs = random.Next(2_000, 10_000),
            LeaderImbalanceCheckSeconds = random.Pick(s_imbalanceChecks),
            SessionTimeoutMs = random.Next(4_000, 9_000),
            ReplicaFetchWaitMaxMs = random.Next(50, 500),
            SegmentBytes = random.Pick(s_segmentBytes),
            MaxInFlightRequests = random.Chance(0.5) ? 1 : 5,
            SendPause = new(TimeSpan.FromMilliseconds(tempo / 4), TimeSpan.FromMilliseconds(tempo * 2)),
            FaultInterval = new(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(random.Chance(0.75) ? random.Next(4, 12) : random.Next(15, 40))),
            FaultPhase = TimeSpan.FromSeconds(random.Next(100, 130)),
            FallenAtRecovery = random.Pick(s_fallen),
            HangsAfterRecovery = random.Chance(0.7),
        };
    }

    /// <summary>The options that were written down.</summary>
    /// <exception cref="ReplayException">One is missing, unknown, malformed or out of bounds.</exception>
    public static Swarm Of(IReadOnlyDictionary<string, string> configuration) => ExplicitRecord.Read<Swarm>(configuration, "The configuration");

    /// <summary>The options as they are written down and reported: by name, spans in microseconds.</summary>
    public IReadOnlyDictionary<string, string> Describe() => ExplicitRecord.Write(this);

    /// <summary>What shrinking tries in place of what the seed chose.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> PlainerValues { get; } = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        ["partitions"] = ["1", "2"],
        ["farBroker"] = ["0"],
        ["leaderImbalanceCheckSeconds"] = ["300"],
        ["hangsAfterRecovery"] = ["no"],
        ["minInsyncReplicas"] = ["1"],
        ["secondProducerAcks"] = ["-1"],
        ["powerLoss"] = ["no"],
        ["segmentBytes"] = ["1048576"],
        ["maxInFlightRequests"] = ["1"],
        ["fallenAtRecovery"] = ["0"],
        ["keys"] = ["1", "2", "4"],
        ["minCompactionLagMs"] = ["0"],
        ["dedupeBufferBytes"] = ["0"],
        ["twoLogDirectories"] = ["no"],
    };

    private static readonly IReadOnlyList<int> s_segmentBytes = [4_096, 16_384, 1 << 20];
    private static readonly IReadOnlyList<int> s_imbalanceChecks = [5, 20, 300, 300];
    private static readonly IReadOnlyList<int> s_fallen = [0, 0, 0, 1, 2];
}
