using System.Collections.Generic;
using Reference.Wire;

namespace Reference.Broker.Replication;

/// <content>Who reads what here: consumers near another replica (KIP-392), and followers under a throttle (KIP-73).</content>
public sealed partial class Partition
{
    /// <summary>
    /// The follower that a consumer in a rack had better read from; null if this leader serves it. Only those in the ISR that have the
    /// offset are named, so that nobody is sent to a replica that would send him back.
    /// </summary>
    public int? PreferredReadReplica(string clientRack, long fetchOffset)
    {
        if (_leader is not { } leader || _context.Config.ReplicaSelector == ReplicaSelector.Leader) return null;
        var candidates = new List<ReadCandidate>();
        foreach (var follower in leader.Followers)
        {
            if (!leader.Isr.HasCommitted(follower.BrokerId) || !_context.IsAlive(follower.BrokerId)) continue;
            if (follower.LogStartOffset < 0 || follower.LogStartOffset > fetchOffset || follower.LogEndOffset < fetchOffset) continue;
            candidates.Add(new ReadCandidate(follower.BrokerId, _context.RackOf(follower.BrokerId), follower.LogEndOffset, follower.LastCaughtUpMs));
        }

        return ReplicaSelectors.RackAware(clientRack, _context.Config.Rack, candidates);
    }

    /// <summary>
    /// A follower that is asked for more than it knows to be committed, but not for more than may be, or one that its leader has told
    /// nothing yet: the reader is to come again. Else the offset is out of range here.
    /// </summary>
    /// <exception cref="ReplicaException">OFFSET_NOT_AVAILABLE.</exception>
    public void EnsureCommittedHere(long fetchOffset)
    {
        if (IsLeader || fetchOffset <= Log.HighWatermark || (fetchOffset > Log.LogEndOffset && LeaderHighWatermark >= 0 && fetchOffset > LeaderHighWatermark)) return;
        throw new ReplicaException(ErrorCode.OffsetNotAvailable, $"{Id} is known to be committed here up to {Log.HighWatermark} only, not {fetchOffset}.");
    }

    /// <summary>True if what this leader sends counts for its quota.</summary>
    public bool IsThrottledAsLeader => Config.LeaderThrottled.Contains(Id.Partition, _context.BrokerId);

    /// <summary>True if what this follower fetches counts for its quota.</summary>
    public bool IsThrottledAsFollower => Config.FollowerThrottled.Contains(Id.Partition, _context.BrokerId);

    /// <summary>True if a follower gets nothing now: it is out of sync, and the quota is spent. Replicas in sync are never held up.</summary>
    public bool HoldsBack(int follower) =>
        IsThrottledAsLeader && _leader is { } leader && !leader.Isr.HasCommitted(follower) && _context.LeaderQuota.IsExceeded;
}
