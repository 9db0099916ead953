using System;
using Scenarios.Cluster;
using Scenarios.Running;
using Simulator.Engine;
using Simulator.Engine.Faults;

namespace Scenarios.Plans;

/// <summary>
/// Controllers die, freeze, are cut off and deposed while topics come and go: whatever a reign leaves half done the next one finishes,
/// and nothing that a controller of the past still says is believed.
/// </summary>
public static class ControllerFailoverPlan
{
    private static readonly Range<TimeSpan> s_atOnce = new(TimeSpan.Zero, TimeSpan.Zero);
    private static readonly Range<TimeSpan> s_soon = new(TimeSpan.Zero, TimeSpan.FromMilliseconds(200));

    /// <summary>The plan.</summary>
    public static ScenarioPlan Plan { get; } = new()
    {
        Name = "controller-failover",
        Description = "controllers crash, freeze, are cut off and deposed while topics are created and deleted",
        Adjust = static (swarm, random) => swarm with
        {
            LeaderImbalanceCheckSeconds = random.Pick([5, 5, 20, 300]),
            ChorePause = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(random.Next(3, 8))),
            FallenAtRecovery = 0, // a topic's deletion ends once all its brokers are back
            HangsAfterRecovery = false,
        },
        Faults = static sites =>
        [
            (new ProcessCrash(), 3),
            (new CrashAtEvent(), 4),
            (new GracefulRestart(sites.RequestStop), 2),
            (new Freeze { Span = sites.PastTheSession }, 3),
            (new FullPartition(), 2),
            (new OneWayPartition(), 2),
            (new BridgePartition(), 2),
            (new SlowLinks(), 2),
            (new ConnectionReset(), 3),
            (new StalledDisk(), 1),
            (new DelayedRequests(RequestLabels.Cluster), 3),
            (new DroppedRequests(RequestLabels.Cluster), 2),
            (new RepeatedRequests(RequestLabels.Cluster), 2),
        ],
        Ambushes = static sites =>
        [
            new(Moments.BrokerLoss, new Freeze { Span = sites.PastTheSession }, 0.4, new(TimeSpan.Zero, TimeSpan.FromMilliseconds(20))),
            new(Moments.TopicChange, new CrashAtEvent(), 0.2, s_soon),
            new(Moments.TopicChange, new Freeze { Span = sites.PastTheSession }, 0.1, s_soon),
            new(Moments.ControllerChange, new CrashAtEvent(), 0.2, s_soon),
            new(Moments.ControllerChange, new Freeze { Span = sites.PastTheSession }, 0.1, s_soon),
            new(Moments.NewLeader, new ProcessCrash(), 0.3, s_soon),
            new(Moments.NewLeader, new Freeze { Span = sites.PastTheSession }, 0.1, s_soon),
            new(Moments.IsrChange, new ConnectionReset { With = sites.Store }, 0.3, s_atOnce),
        ],
    };
}
