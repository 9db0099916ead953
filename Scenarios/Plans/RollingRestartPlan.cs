using System;
using Scenarios.Cluster;
using Scenarios.Running;
using Simulator.Engine;
using Simulator.Engine.Faults;

namespace Scenarios.Plans;

/// <summary>
/// An operator rolls out one configuration after another, broker by broker, and neither the network nor the controller waits for him: a
/// broker may be back before anybody has seen that it was gone.
/// </summary>
public static class RollingRestartPlan
{
    private static readonly Range<TimeSpan> s_atOnce = new(TimeSpan.Zero, TimeSpan.FromMicroseconds(50));

    /// <summary>Too short for the controller to lose its office, long enough for a broker to be gone and back before it looks.</summary>
    private static readonly Range<TimeSpan> s_pause = new(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(2_500));

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
            new(Moments.BrokerLoss, new Freeze { Span = s_pause }, 0.5, s_atOnce),
        ],
    };
}
