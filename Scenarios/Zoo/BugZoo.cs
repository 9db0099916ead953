using System.Collections.Generic;
using Reference.Broker;
using Reference.Broker.Storage;
using Reference.Broker.Znodes;
using Scenarios.Plans;
using Scenarios.Running;

namespace Scenarios.Zoo;

/// <summary>The planted bugs: broken variants kept beside the right one, each with its story and the scenario that hunts it.</summary>
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
            ReplicationPlan.Plan,
            BrokerDecisions.Kafka with { FollowerTruncation = BrokenDecisions.TruncateToHighWatermark }),
        Plant(
            2,
            "KAFKA-6361, KIP-279",
            "the follower cuts where the leader's first answer says, of whatever epoch that is",
            "it asks again until both speak of the same epoch",
            UncleanElectionPlan.Plan,
            BrokerDecisions.Kafka with { FollowerTruncation = BrokenDecisions.TruncateAtFirstAnswer }),
        Plant(
            3,
            "KAFKA-7128",
            "a follower joins the ISR at the high watermark, below the leader epoch's start",
            "it must also have reached the start of the leader's epoch",
            ControllerFailoverPlan.Plan, // it takes an election that leaves two in the ISR while the third catches up: a preferred one
            BrokerDecisions.Kafka with { MayJoinIsr = BrokenDecisions.JoinAtHighWatermark }),
        Plant(
            4,
            "KAFKA-7395, KIP-320",
            "the leader epoch that a request names is ignored",
            "a request of another epoch is refused",
            ReplicationPlan.Plan,
            BrokerDecisions.Kafka with { CheckLeaderEpoch = BrokenDecisions.IgnoreLeaderEpoch }),
        Plant(
            5,
            "KIP-497",
            "the high watermark waits for the ISR last known to be in the store only",
            "it waits for everybody who may be in the ISR already",
            ReplicationPlan.Plan,
            BrokerDecisions.Kafka with { HighWatermark = BrokenDecisions.HighWatermarkOfCommittedIsr }),
        Plant(
            6,
            "KAFKA-13091",
            "the high watermark is not looked at again after the ISR has shrunk",
            "it is computed anew with each change of the ISR",
            ReplicationPlan.Plan,
            BrokerDecisions.Kafka with { RaisesHighWatermarkAfter = BrokenDecisions.LeaveHighWatermark }),
        Plant(
            7,
            "KAFKA-9835",
            "a read to the segment's end looks at the file's size a second time",
            "its bound is the size that was seen together with the high watermark",
            ControllerFailoverPlan.Plan,
            BrokerDecisions.Kafka with { Log = LogDecisions.Kafka with { SliceEnd = BrokenDecisions.SliceToPresentEnd } }),
        Plant(
            8,
            "KAFKA-6653",
            "a delayed operation is not tried again once it is watched",
            "a change that fell between the first try and the watch is seen by the second",
            ReplicationPlan.Plan,
            BrokerDecisions.Kafka with { TriesOnceWatched = false }),
        // Survives: it takes a follower that asks for more than its leader has, in one leader epoch. Here each follower first cuts where
        // OffsetsForLeaderEpoch says (KIP-101), so that it never does; only a leader that loses the end of its log and stays the leader
        // (an operator who restores a backup) would bring it about, and no fault of the scenarios is that.
        Plant(
            9,
            "KAFKA-2143",
            "whoever asks for what its leader does not have drops its whole log",
            "only who ends below the leader's start does, and who ends above the leader's end is cut there",
            RetentionAndCompactionPlan.Plan,
            BrokerDecisions.Kafka with { ReactToOutOfRange = BrokenDecisions.AlwaysStartAnew }),
        Plant(
            10,
            "KAFKA-6082",
            "a controller's writes do not check the controller epoch",
            "each write is a multi that begins with a check of /controller_epoch's version",
            ControllerFailoverPlan.Plan,
            BrokerDecisions.Kafka with { Controller = BrokenDecisions.UnguardedController }),
        Plant(
            11,
            "KAFKA-7235, KIP-380",
            "nobody looks at broker epochs: a quick restart goes unnoticed, and what was meant for the last life is obeyed in this one",
            "another epoch is another life: it is told all anew, and refuses what the last one was told",
            RollingRestartPlan.Plan,
            BrokerDecisions.Kafka with { Controller = BrokenDecisions.ForgivingController, IsStaleBrokerEpoch = BrokenDecisions.ObeyEveryLife }),
        Plant(
            12,
            "KAFKA-1382",
            "a write whose reply was lost is taken for refused",
            "what stands in the store is compared with what was to be written",
            ControllerFailoverPlan.Plan,
            BrokerDecisions.Kafka with { Znodes = ZnodeDecisions.Kafka with { WasWritten = BrokenDecisions.NeverTakeForOwn } }),
        Plant(
            13,
            "KAFKA-9212",
            "the controller goes on with the leader epoch before the one that a move has begun",
            "it knows what it has written",
            ReassignmentPlan.Plan,
            BrokerDecisions.Kafka with { Controller = BrokenDecisions.ForgetfulMover }),
        Plant(
            14,
            "KAFKA-1387, KAFKA-7165",
            "an ephemeral znode that is there already is taken for one's own",
            "it is looked whose session made it",
            ControllerFailoverPlan.Plan,
            BrokerDecisions.Kafka with { Znodes = ZnodeDecisions.Kafka with { OwnerOf = BrokenDecisions.TakeForOwn } }),
        Plant(
            15,
            "KAFKA-10471",
            "the clean-shutdown marker goes after the last log has been loaded",
            "it goes before the first is touched",
            LogRecoveryPlan.Plan,
            BrokerDecisions.Kafka with { Log = LogDecisions.Kafka with { MarkerRemoval = MarkerRemoval.AfterLoading } }),
        Plant(
            17,
            "KAFKA-3330",
            "a log counts as compacted beyond where it was cut, and what is appended there is never looked at",
            "what is cut is not compacted any more",
            RetentionAndCompactionPlan.Plan,
            BrokerDecisions.Kafka with { Log = LogDecisions.Kafka with { CleanedAfterTruncation = BrokenDecisions.LeaveCleaned } }),
    ];

    private static Mutant Plant(int id, string story, string mutation, string fix, ScenarioPlan plan, BrokerDecisions decisions) =>
        new(id, story, mutation, fix, new ClusterScenario(plan, decisions));
}
