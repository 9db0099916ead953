using System.Collections.Generic;
using Reference.Broker;
using Scenarios.Plans;
using Scenarios.Running;

namespace Scenarios.Zoo;

/// <summary>The planted bugs: broken variants kept beside the right one, each with its story.</summary>
public static class BugZoo
{
    /// <summary>All planted bugs by number.</summary>
    public static IReadOnlyList<Mutant> Mutants { get; } =
    [
        Plant(
            1,
            "KIP-101",
            "a follower cuts its log to its own high watermark",
            "cut where the leader's epochs say that the logs part",
            BrokerDecisions.Kafka with { FollowerTruncation = BrokenDecisions.TruncateToHighWatermark }),
        Plant(
            3,
            "KAFKA-7128",
            "a follower joins the ISR at the high watermark, below the leader epoch's start",
            "it must also have reached the start of the leader's epoch",
            BrokerDecisions.Kafka with { MayJoinIsr = BrokenDecisions.JoinAtHighWatermark }),
        Plant(
            4,
            "KAFKA-7395, KIP-320",
            "the leader epoch that a request names is ignored",
            "a request of another epoch is refused",
            BrokerDecisions.Kafka with { CheckLeaderEpoch = BrokenDecisions.IgnoreLeaderEpoch }),
        Plant(
            6,
            "KAFKA-13091",
            "the high watermark is not looked at again after the ISR has shrunk",
            "it is computed anew with each change of the ISR",
            BrokerDecisions.Kafka with { RaisesHighWatermarkAfter = BrokenDecisions.LeaveHighWatermark }),
        Plant(
            10,
            "KAFKA-6082",
            "a controller's writes do not check the controller epoch",
            "each write is a multi that begins with a check of /controller_epoch's version",
            BrokerDecisions.Kafka with { Controller = BrokenDecisions.UnguardedController }),
    ];

    private static Mutant Plant(int id, string story, string mutation, string fix, BrokerDecisions decisions) =>
        new(id, story, mutation, fix, new ClusterScenario(ReplicationPlan.Plan, decisions));
}
