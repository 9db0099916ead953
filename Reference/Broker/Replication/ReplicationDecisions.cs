using System;
using System.Collections.Generic;
using Reference.Broker.Storage;
using Reference.Wire;
using Reference.Wire.Records;

namespace Reference.Broker.Replication;

/// <summary>What decides how far a follower cuts its log before it fetches in a new epoch.</summary>
/// <param name="HighWatermark">Its own high watermark, which lags behind the leader's.</param>
/// <param name="LogEndOffset">Its log end.</param>
/// <param name="LeaderEnd">The leader's answer: the largest epoch it has up to the follower's latest, and that epoch's end; undefined if it has none.</param>
/// <param name="LocalEnd">The largest epoch up to the leader's that the follower has, and that epoch's end here.</param>
public readonly record struct TruncationFacts(long HighWatermark, long LogEndOffset, EpochEntry LeaderEnd, EpochEntry LocalEnd);

/// <summary>Cut the log to an offset; ask again unless the logs are then known to agree.</summary>
public readonly record struct TruncationStep(long Offset, bool Agreed);

/// <summary>What decides whether a follower may join the ISR.</summary>
/// <param name="FetchOffset">The offset it fetches: its log end.</param>
/// <param name="HighWatermark">The leader's high watermark, which may lag right after an election.</param>
/// <param name="LeaderEpochStart">Where the leader's epoch begins in its log.</param>
public readonly record struct IsrCandidate(long FetchOffset, long HighWatermark, long LeaderEpochStart);

/// <summary>A replica as the high watermark sees it.</summary>
/// <param name="BrokerId">Broker id.</param>
/// <param name="LogEndOffset">Its log end; -1 if not known.</param>
/// <param name="InCommittedIsr">Is in the ISR last known to stand in the store.</param>
/// <param name="InMaximalIsr">Is in that or in the one of a change under way.</param>
/// <param name="CaughtUp">Has caught up lately, so that it may be about to join.</param>
public readonly record struct ReplicaProgress(int BrokerId, long LogEndOffset, bool InCommittedIsr, bool InMaximalIsr, bool CaughtUp);

/// <summary>What a follower does whose fetch offset the leader does not have.</summary>
public enum OutOfRangeAction
{
    /// <summary>Cut the log to the offset and go on there.</summary>
    TruncateTo,

    /// <summary>Drop the whole log and begin at the offset.</summary>
    RestartAt,

    /// <summary>Fetch from the offset without cutting anything.</summary>
    FetchFrom,
}

/// <summary>The reaction to OFFSET_OUT_OF_RANGE.</summary>
public readonly record struct OutOfRangeReaction(OutOfRangeAction Action, long Offset);

/// <summary>The decisions of replication: pure, and each a place where Kafka once went wrong.</summary>
public static class ReplicationDecisions
{
    /// <summary>
    /// Where a follower's log and its leader's part ways (KIP-101), found in as many rounds as it takes when the leader lacks
    /// the follower's epoch (KIP-279).
    /// </summary>
    public static TruncationStep TruncateFollower(TruncationFacts facts)
    {
        if (facts.LeaderEnd.Offset < 0) return new TruncationStep(Math.Min(facts.HighWatermark, facts.LogEndOffset), true);
        if (facts.LeaderEnd.Epoch < 0 || facts.LocalEnd.Epoch < 0) return new TruncationStep(Math.Min(facts.LeaderEnd.Offset, facts.LogEndOffset), true);
        return facts.LocalEnd.Epoch == facts.LeaderEnd.Epoch
            ? new TruncationStep(Math.Min(Math.Min(facts.LocalEnd.Offset, facts.LeaderEnd.Offset), facts.LogEndOffset), true)
            : new TruncationStep(Math.Min(facts.LocalEnd.Offset, facts.LogEndOffset), false);
    }

    /// <summary>
    /// A follower may join when it has all that may have been acknowledged: up to the high watermark and, since that lags after an
    /// election, up to the start of the leader's epoch (KAFKA-7128).
    /// </summary>
    public static bool MayJoinIsr(IsrCandidate candidate) =>
        candidate.FetchOffset >= candidate.LeaderEpochStart && candidate.FetchOffset >= candidate.HighWatermark;

    /// <summary>Whether a request of a peer that believes in a leader epoch is of this time (KIP-320). -1: the peer does not say.</summary>
    public static ErrorCode CheckLeaderEpoch(int requested, int current) => requested < 0 || requested == current
        ? ErrorCode.None
        : requested < current ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;

    /// <summary>
    /// The offset below which every replica that may be in the ISR has everything (KIP-497), the leader included. Replicas that are
    /// about to join are waited for too, or under steady load they never could.
    /// </summary>
    /// <param name="leaderEnd">The leader's log end.</param>
    /// <param name="followers">The other replicas.</param>
    public static long HighWatermark(long leaderEnd, IReadOnlyList<ReplicaProgress> followers)
    {
        var lowest = leaderEnd;
        foreach (var follower in followers)
        {
            if (follower.InMaximalIsr || follower.CaughtUp) lowest = Math.Min(lowest, follower.LogEndOffset);
        }

        return lowest;
    }

    /// <summary>An ISR that shrank may let the high watermark rise though nobody appends or fetches (KAFKA-13091).</summary>
    public static bool RaisesHighWatermarkAfter(IReadOnlyList<int> before, IReadOnlyList<int> after) => after.Count < before.Count;

    /// <summary>
    /// The leader's log ends before the follower's (an unclean election): cut. It begins after it: begin there. Else the offset has
    /// become valid meanwhile: nothing may be dropped (KAFKA-2143).
    /// </summary>
    public static OutOfRangeReaction ReactToOutOfRange(long leaderStart, long leaderEnd, long localEnd)
    {
        if (leaderEnd < localEnd) return new OutOfRangeReaction(OutOfRangeAction.TruncateTo, leaderEnd);
        return leaderStart > localEnd
            ? new OutOfRangeReaction(OutOfRangeAction.RestartAt, leaderStart)
            : new OutOfRangeReaction(OutOfRangeAction.FetchFrom, localEnd);
    }

    /// <summary>
    /// True for a follower's log of which the leader has nothing left: it ends where the leader's begins. The leader has forgotten the
    /// epochs of what it deleted, so nobody can tell whether what the follower has there is what was committed: it must go too, and for
    /// good, before the follower may join the ISR, or it might serve it when it leads.
    /// </summary>
    public static bool IsAllBelow(long leaderStart, long localStart, long localEnd) => localStart < localEnd && localEnd <= leaderStart;

    /// <summary>
    /// Where an empty follower's log must begin to take what it fetched; null: where it does. Records may be deleted up to the middle of a
    /// batch: the leader's log then starts there, but the batch comes whole.
    /// </summary>
    /// <param name="fetched">What the leader gave.</param>
    /// <param name="localStart">The follower's log start.</param>
    /// <param name="localEnd">Its log end, from which on it fetched.</param>
    public static long? BeginsInsideBatch(ReadOnlySpan<byte> fetched, long localStart, long localEnd)
    {
        var batches = new RecordBatches(fetched);
        if (localStart != localEnd || !batches.MoveNext()) return null;
        var first = batches.Current;
        return first.BaseOffset < localEnd && first.NextOffset > localEnd ? first.BaseOffset : null;
    }

    /// <summary>True for a control request addressed to an earlier incarnation of this broker (KIP-380). -1: the controller does not say.</summary>
    public static bool IsStaleBrokerEpoch(long requested, long own) => requested >= 0 && requested < own;
}
