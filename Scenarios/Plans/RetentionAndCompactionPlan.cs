using System;
using Scenarios.Cluster;
using Scenarios.Running;
using Simulator.Engine;
using Simulator.Engine.Faults;
using Simulator.Platform;

namespace Scenarios.Plans;

/// <summary>
/// A topic of which the brokers take records away all the time, by age, by size, by key and on request, while they crash, lose power,
/// hang and hand over their leaderships: followers come back to a leader whose log begins above their end, compactions are cut short.
/// </summary>
public static class RetentionAndCompactionPlan
{
    private const int Delete = 1;
    private const int Compact = 2;
    private static readonly Range<TimeSpan> s_soon = new(TimeSpan.Zero, TimeSpan.FromSeconds(1));
    private static readonly Range<TimeSpan> s_onceCompacted = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8));

    /// <summary>The plan.</summary>
    public static ScenarioPlan Plan { get; } = new()
    {
        Name = "retention-and-compaction",
        Description = "keyed records compacted, deleted by age, size and request while brokers crash and lead by turns",
        Adjust = KeepUp,
        Faults = static sites =>
        [
            (new ProcessCrash(), 5),
            (new CrashAtEvent(), 3),
            (new GracefulRestart(sites.RequestStop), 3),
            (new Freeze { Span = sites.PastTheSession }, 2),
            (new FullPartition(), 2),
            (new IsolatedNode(), 2),
            (new BridgePartition(), 3),
            (new ConnectionReset(), 1),
            (new SlowLinks(), 1),
            (new SlowDisk(), 3),
            (new StalledDisk(), 3),
            (new ShortReads(), 1),
            (new ShortWrites(), 2),
        ],
        Ambushes = static _ =>
        [
            new(Moments.Election, new CrashAtEvent(), 0.2, s_soon),
            new(Moments.NewLeader, new CrashAtEvent(), 0.2, s_soon),
            new(Moments.IsrExpansion, new CrashAtEvent(), 0.2, s_soon),
            new(Moments.LastInSync, new ProcessCrash(), 0.4, s_onceCompacted),
        ],
    };

    private static Swarm KeepUp(Swarm swarm, RandomStream random)
    {
        var policy = random.Pick([Delete, Compact, Compact, Delete | Compact]);
        var deletes = (policy & Delete) != 0;
        var byAge = deletes && random.Chance(0.6);
        var unclean = (policy & Compact) != 0 && random.Chance(0.45);
        var bySize = deletes && (!byAge || random.Chance(0.4));
        return swarm with
        {
            CleanupPolicy = policy,
            UncleanElection = unclean,
            MinInsyncReplicas = unclean ? 1 : swarm.MinInsyncReplicas,
            ReplicaLagTimeMaxMs = unclean ? random.Next(1_500, 3_000) : swarm.ReplicaLagTimeMaxMs,
            Keys = random.Pick<int>(unclean ? [40, 150] : [4, 12, 40]), // of many, some are not written again for long
            SegmentBytes = random.Pick([1_536, 3_072, 8_192]),
            RetentionMs = byAge ? random.Next(5_000, 20_000) : 0,
            RetentionBytes = bySize ? random.Next(4_000, 40_000) : 0,
            DeletionPause = deletes && random.Chance(0.6) ? new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(random.Next(6, 25))) : default,
            MinCompactionLagMs = random.Chance(0.5) ? random.Next(500, 5_000) : 0,
            DeleteRetentionMs = random.Next(500, 8_000),
            DirtyPercent = random.Pick([10, 30, 60]),
            DedupeBufferBytes = random.Chance(0.2) ? 1_024 : 0,
        };
    }
}
