using System;
using System.Collections.Generic;
using Reference.Broker.Controller;
using Reference.Broker.Replication;
using Reference.Broker.Znodes;
using Reference.Wire;

namespace Scenarios.Zoo;

/// <summary>The historical mistakes, each in place of one right decision.</summary>
internal static class BrokenDecisions
{
    /// <summary>KIP-101: the local high watermark lags behind the leader's, so the cut may take committed records.</summary>
    public static TruncationStep TruncateToHighWatermark(TruncationFacts facts) =>
        new(Math.Min(facts.HighWatermark, facts.LogEndOffset), Agreed: true);

    /// <summary>KAFKA-7128: right after an election the leader's high watermark lags, and so may whoever joins at it.</summary>
    public static bool JoinAtHighWatermark(IsrCandidate candidate) => candidate.FetchOffset >= candidate.HighWatermark;

    /// <summary>KIP-320: zombies of older epochs exchange records with the living.</summary>
    public static ErrorCode IgnoreLeaderEpoch(int requested, int current) => ErrorCode.None;

    /// <summary>KAFKA-13091: what only the lost member lacked is never shown as committed.</summary>
    public static bool LeaveHighWatermark(IReadOnlyList<int> before, IReadOnlyList<int> after) => false;

    /// <summary>KAFKA-6082: a controller that was paused past its session goes on writing.</summary>
    public static ControllerDecisions UnguardedController { get; } = ControllerDecisions.Kafka with { GuardOps = static _ => [] };

    /// <summary>KAFKA-9212: the epoch that a move has just begun is told to its replicas, and forgotten by the controller.</summary>
    public static ControllerDecisions ForgetfulMover { get; } = ControllerDecisions.Kafka with { KnownAfterAnnouncement = static (before, _) => before };

    /// <summary>KIP-279: the answer's epoch is not looked at, and nobody asks a second time.</summary>
    public static TruncationStep TruncateAtFirstAnswer(TruncationFacts facts) => facts.LeaderEnd.Offset < 0
        ? new(Math.Min(facts.HighWatermark, facts.LogEndOffset), Agreed: true)
        : new(Math.Min(facts.LeaderEnd.Offset, facts.LogEndOffset), Agreed: true);

    /// <summary>KIP-497: who is about to join the ISR may stand in it already, and is not waited for.</summary>
    public static long HighWatermarkOfCommittedIsr(long leaderEnd, IReadOnlyList<ReplicaProgress> followers)
    {
        var lowest = leaderEnd;
        foreach (var follower in followers)
        {
            if (follower.InCommittedIsr) lowest = Math.Min(lowest, follower.LogEndOffset);
        }

        return lowest;
    }

    /// <summary>KAFKA-9835: a bound at the segment's end follows the end while it moves.</summary>
    public static int SliceToPresentEnd(int requestedEnd, int sizeAtBound, int sizeNow) => requestedEnd == sizeAtBound ? sizeNow : Math.Min(requestedEnd, sizeNow);

    /// <summary>KAFKA-2143: the whole log is dropped, though the leader still has what it begins with.</summary>
    public static OutOfRangeReaction AlwaysStartAnew(long leaderStart, long leaderEnd, long localEnd) => new(OutOfRangeAction.RestartAt, leaderStart);

    /// <summary>KAFKA-3330: the checkpoint stays ahead of the log's end, and when the log has grown past it, new records are below.</summary>
    public static long LeaveCleaned(long cleaned, long end) => cleaned;

    /// <summary>KIP-380: what was meant for the broker's last life is obeyed in this one.</summary>
    public static bool ObeyEveryLife(long requested, long own) => false;

    /// <summary>KIP-380: a broker that was gone and back between two looks at the registrations has never been away.</summary>
    public static ControllerDecisions ForgivingController { get; } = ControllerDecisions.Kafka with { HasRestarted = static (_, _) => false };

    /// <summary>KAFKA-1382: the write had been carried out and only its reply was lost, but the writer goes on with the old version.</summary>
    public static bool NeverTakeForOwn(PartitionStateZnode standing, PartitionStateZnode wished) => false;

    /// <summary>KAFKA-1387: whosever it is, it is there: good enough.</summary>
    public static EphemeralOwner TakeForOwn(long owner, long session, long pastSession) => EphemeralOwner.Own;
}
