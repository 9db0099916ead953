using System;
using Scenarios.Cluster;
using Scenarios.Running;
using Simulator.Engine.Faults;

namespace Scenarios.Plans;

/// <summary>An operator rolls out one configuration after another, broker by broker, and the network does not wait for him.</summary>
public static class RollingRestartPlan
{
    /// <summary>The plan.</summary>
    public static ScenarioPlan Plan { get; } = new()
    {
        Name = "rolling-restart",
        Description = "brokers restarted in order one after another, each with another configuration",
        Faults = static sites =>
        [
            (new RollingRestart(sites.RequestStop, BrokerVariants.All, sites.Reconfigure), 6),
            (new GracefulRestart(sites.RequestStop), 4),
            (new ProcessCrash(), 1),
            (new SlowLinks(), 2),
            (new ConnectionReset(), 2),
            (new OneWayPartition(), 1),
            (new SlowDisk(), 2),
            (new DroppedRequests(RequestLabels.Cluster), 1),
            (new DelayedRequests(RequestLabels.Cluster), 2),
        ],
        Ambushes = static sites =>
        [
            new(Moments.Election, new GracefulRestart(sites.RequestStop), 0.3, new(TimeSpan.Zero, TimeSpan.FromSeconds(1))),
            new(Moments.BrokerLoss, new ProcessCrash(), 0.2, new(TimeSpan.Zero, TimeSpan.FromMilliseconds(500))),
        ],
    };
}
