using System;
using Scenarios.Cluster;
using Scenarios.Running;
using Simulator.Engine;
using Simulator.Engine.Faults;

namespace Scenarios.Plans;

/// <summary>
/// Replicas outside the ISR are made leaders of one topic, and what they lack is lost, no more and no less; another topic of the same
/// cluster, where that is forbidden, loses nothing.
/// </summary>
public static class UncleanElectionPlan
{
    private static readonly Range<TimeSpan> s_soon = new(TimeSpan.Zero, TimeSpan.FromMilliseconds(300));
    private static readonly Range<TimeSpan> s_later = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(3));

    /// <summary>The plan.</summary>
    public static ScenarioPlan Plan { get; } = new()
    {
        Name = "unclean-election",
        Description = "leaders are elected from outside the ISR, and lose what they announce, while another topic loses nothing",
        Adjust = static (swarm, random) => swarm with
        {
            UncleanElection = true,
            SafePartitions = 1,
            Partitions = random.Next(1, 3),
            MinInsyncReplicas = random.Chance(0.8) ? 1 : 2,
            ReplicaLagTimeMaxMs = random.Next(1_000, 4_000), // an ISR of one is soon reached
            LeaderImbalanceCheckSeconds = random.Pick([5, 20, 300]),
            FallenAtRecovery = random.Pick([0, 0, 1]),
            HangsAfterRecovery = false,
        },
        Faults = static sites =>
        [
            (new ProcessCrash(), 4),
            (new CrashAtEvent(), 3),
            (new GracefulRestart(sites.RequestStop), 2),
            (new Freeze { Span = sites.PastTheSession }, 4),
            (new FullPartition(), 3),
            (new OneWayPartition(), 2),
            (new BridgePartition(), 3),
            (new SlowLinks(), 2),
            (new StalledDisk(), 2),
            (new ConnectionReset(), 1),
            (new DelayedRequests(RequestLabels.Cluster), 3),
            (new DroppedRequests(RequestLabels.Cluster), 2),
            (new RepeatedRequests(RequestLabels.Cluster), 1),
        ],
        Ambushes = static sites =>
        [
            new(Moments.LastInSync, new ProcessCrash(), 0.5, s_later),
            new(Moments.LastInSync, new Freeze { Span = sites.PastTheSession }, 0.3, s_later),
            new(Moments.NewLeader, new ProcessCrash(), 0.3, s_soon),
            new(Moments.NewLeader, new Freeze { Span = sites.PastTheSession }, 0.2, s_soon),
            new(Moments.Election, new DelayedRequests(RequestLabels.Cluster), 0.2, s_soon),
            new(Moments.IsrExpansion, new ProcessCrash(), 0.3, s_soon),
        ],
    };
}
