using System;
using Scenarios.Cluster;
using Scenarios.Running;
using Simulator.Engine;
using Simulator.Engine.Faults;

namespace Scenarios.Plans;

/// <summary>
/// Partitions move between four or five brokers by request and by znode, moves are given up and replaced, topics grow and go meanwhile,
/// while the brokers that they move to, their leaders and the controller die, freeze and are cut off.
/// </summary>
public static class ReassignmentPlan
{
    private static readonly Range<TimeSpan> s_atOnce = new(TimeSpan.Zero, TimeSpan.FromMilliseconds(20));
    private static readonly Range<TimeSpan> s_soon = new(TimeSpan.Zero, TimeSpan.FromMilliseconds(400));

    /// <summary>The plan.</summary>
    public static ScenarioPlan Plan { get; } = new()
    {
        Name = "reassignment",
        Description = "partitions move by request and by znode, are called back and grow, while brokers and controllers fail",
        Adjust = static (swarm, random) => swarm with
        {
            Brokers = random.Next(4, 6),
            ReplicationFactor = 3,
            MovesPartitions = true,
            LeaderImbalanceCheckSeconds = random.Pick([5, 20, 300]),
            ChorePause = new(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(random.Next(2, 8))),
            FallenAtRecovery = 0, // a move ends once all the replicas wished for are back
            HangsAfterRecovery = false,
        },
        Faults = static sites =>
        [
            (new ProcessCrash(), 4),
            (new CrashAtEvent(), 3),
            (new GracefulRestart(sites.RequestStop), 2),
            (new Freeze { Span = sites.PastTheSession }, 3),
            (new FullPartition(), 3),
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
            new(Moments.MoveStep, new CrashAtEvent(), 0.15, s_soon),
            new(Moments.MoveStep, new Freeze { Span = sites.PastTheSession }, 0.05, s_soon),
            new(Moments.MoveStep, new ConnectionReset { With = sites.Store }, 0.15, s_atOnce),
            new(Moments.MoveTarget, new ProcessCrash(), 0.2, s_soon),
            new(Moments.MoveTarget, new Freeze { Span = sites.PastTheSession }, 0.1, s_soon),
            new(Moments.ControllerChange, new CrashAtEvent(), 0.1, s_soon),
            new(Moments.NewLeader, new ProcessCrash(), 0.2, s_soon),
            new(Moments.BrokerLoss, new Freeze { Span = sites.PastTheSession }, 0.2, s_atOnce),
        ],
    };
}
