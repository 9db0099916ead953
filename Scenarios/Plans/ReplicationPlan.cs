using System;
using System.Collections.Generic;
using Scenarios.Cluster;
using Scenarios.Running;
using Simulator.Engine;
using Simulator.Engine.Faults;

namespace Scenarios.Plans;

/// <summary>The default: everything at once, with ambushes at the moments at which a replicated log is most vulnerable.</summary>
public static class ReplicationPlan
{
    private static readonly Range<TimeSpan> s_atOnce = new(TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>The plan.</summary>
    public static ScenarioPlan Plan { get; } = new()
    {
        Name = "replication",
        Description = "replicated partitions under crashes, power loss, partitions, slow disks and bad clocks",
        Faults = Faults,
        Ambushes = Ambushes,
    };

    private static IReadOnlyList<(Fault Fault, int Weight)> Faults(FaultSites sites) =>
    [
        (new ProcessCrash(), 4),
        (new GracefulRestart(sites.RequestStop), 2),
        (new Freeze(), 2),
        (new FullPartition(), 3),
        (new OneWayPartition(), 2),
        (new BridgePartition(), 2),
        (new SlowLinks(), 2),
        (new Deafness(), 1),
        (new ConnectionReset(), 3),
        (new SlowDisk(), 1),
        (new StalledDisk(), 2),
        (new ClockJump(), 1),
        (new ClockDrift(), 1),
        (new ClockOffset(), 1),
        (new CrashAtEvent(), 2),
        (new SwizzleClog(), 1),
        (new NarrowLinks(), 1),
        (new FullBacklog(), 1),
        (new DelayedRequests(RequestLabels.Cluster), 2),
        (new DroppedRequests(RequestLabels.Cluster), 1),
        (new RepeatedRequests(RequestLabels.Cluster), 1),
        (new ShortReads(), 1),
        (new ShortWrites(), 1),
    ];

    private static IReadOnlyList<Ambush> Ambushes(FaultSites sites) =>
    [
        new(Moments.Election, new Deafness(), 0.4, s_atOnce),
        new(Moments.IsrExpansion, new ProcessCrash(), 0.3, new(TimeSpan.Zero, TimeSpan.FromSeconds(1))),
        new(Moments.BrokerLoss, new Freeze { Span = sites.PastTheSession }, 0.5, new(TimeSpan.Zero, TimeSpan.FromMilliseconds(20))),
    ];
}
