using System;
using Scenarios.Running;
using Simulator.Engine.Faults;

namespace Scenarios.Plans;

/// <summary>Disks crawl and hang while every append is synced: followers fall behind, ISRs shrink, requests wait, sessions live on.</summary>
public static class SlowDiskPlan
{
    /// <summary>The plan.</summary>
    public static ScenarioPlan Plan { get; } = new()
    {
        Name = "slow-disk",
        Description = "brokers and store on disks that crawl and hang, with every append synced",
        Adjust = static (swarm, random) => swarm with { PowerLoss = true, ReplicaLagTimeMaxMs = random.Next(1_500, 5_000) },
        Faults = static sites =>
        [
            (new SlowDisk(), 8),
            (new StalledDisk(), 8),
            (new ShortReads(), 2),
            (new ShortWrites(), 2),
            (new Freeze { Span = sites.PastTheSession }, 1),
            (new ProcessCrash(), 2),
            (new GracefulRestart(sites.RequestStop), 1),
            (new SlowLinks(), 1),
            (new ConnectionReset(), 1),
        ],
        Ambushes = static _ =>
        [
            new(Moments.Election, new StalledDisk(), 0.4, new(TimeSpan.Zero, TimeSpan.FromMilliseconds(50))),
            new(Moments.IsrExpansion, new StalledDisk(), 0.3, new(TimeSpan.Zero, TimeSpan.FromSeconds(1))),
        ],
    };
}
