using System.Collections.Generic;
using System.Linq;
using Scenarios.Observation;
using Simulator.Engine;

namespace Scenarios.Running;

/// <summary>The rare situations of logs that are compacted and deleted from, seen from outside after each change.</summary>
public sealed class UpkeepRarities
{
    private const string LeaderDeleted = "a leader's log start moved up";
    private const string FollowerBelowStart = "a follower ended below its leader's log start";
    private const string FollowerBeganAnew = "a follower began anew at its leader's log start";
    private const string Emptied = "a log was emptied";
    private const string Compacted = "a log was compacted";
    private const string TombstoneWent = "a tombstone went";
    private const string TombstoneMissed = "a follower never saw a tombstone";
    private const string CutBelowCleaned = "a log was cut below where it was compacted to";

    private const string UncleanElection = "a replica outside the ISR was elected";

    private readonly Sometimes _sometimes;
    private readonly ClusterObservation _cluster;
    private readonly Dictionary<ReplicaObservation, Seen> _seen = [];
    private readonly Dictionary<PartitionObservation, QuorumState> _quorums = [];
    private readonly HashSet<ReplicaObservation> _below = [];

    /// <summary>Declares the situations that the topic's upkeep can lead to.</summary>
    public UpkeepRarities(SimWorld world, ClusterObservation cluster)
    {
        _sometimes = world.Sometimes;
        _cluster = cluster;
        string[] all = [LeaderDeleted, FollowerBelowStart, FollowerBeganAnew, Emptied, Compacted, TombstoneWent, TombstoneMissed, CutBelowCleaned, UncleanElection];
        foreach (var situation in all) _sometimes.Declare(situation);
    }

    /// <summary>Looks whether a situation has come since the last look.</summary>
    public void Look()
    {
        foreach (var partition in _cluster.Partitions)
        {
            if (!partition.HasChanged) continue;
            LookAtElection(partition);
            foreach (var replica in partition.Replicas) Look(partition, replica);
        }
    }

    private void LookAtElection(PartitionObservation partition)
    {
        if (partition.Quorum is not { } now) return;
        if (_quorums.TryGetValue(partition, out var before) && now.Leader >= 0 && now.LeaderEpoch > before.LeaderEpoch && !before.Isr.Contains(now.Leader)) _sometimes.Reached(UncleanElection);
        _quorums[partition] = now;
    }

    private void Look(PartitionObservation partition, ReplicaObservation replica)
    {
        if (!replica.IsRunning) return;
        var now = new Seen(replica.Incarnation, replica.LogStart, replica.LogEnd, replica.CleanedUpTo, replica.Log.Readings);
        if (_seen.TryGetValue(replica, out var before) && before.Incarnation == now.Incarnation) Compare(partition, replica, before, now);
        _seen[replica] = now;
        if (!IsBelowLeader(partition, replica)) _below.Remove(replica);
        else if (_below.Add(replica)) _sometimes.Reached(FollowerBelowStart);
    }

    private void Compare(PartitionObservation partition, ReplicaObservation replica, Seen before, Seen now)
    {
        if (now.Start > before.Start && replica.PresumesLeadership) _sometimes.Reached(LeaderDeleted);
        if (now.Start > before.End) _sometimes.Reached(FollowerBeganAnew);
        if (now.Start > before.Start && now.Start == now.End) _sometimes.Reached(Emptied);
        if (now.End < before.End && now.End < before.Cleaned) _sometimes.Reached(CutBelowCleaned);
        if (now.Readings == before.Readings || replica.Log.BeforeRewrite is not { } old) return;
        _sometimes.Reached(Compacted);
        LookAtTombstones(partition, replica, old);
    }

    private void LookAtTombstones(PartitionObservation partition, ReplicaObservation replica, ShadowCopy old)
    {
        foreach (var offset in partition.Committed.LatestOfKeys.Values)
        {
            if (!partition.Committed.At(offset).IsTombstone || offset >= replica.Log.End || replica.Log.At(offset).IsHeld) continue;
            if (old.At(offset).IsHeld) _sometimes.Reached(TombstoneWent);
            else if (replica.Log.WasSkipped(offset)) _sometimes.Reached(TombstoneMissed);
        }
    }

    private static bool IsBelowLeader(PartitionObservation partition, ReplicaObservation replica)
    {
        foreach (var leader in partition.Replicas)
        {
            if (partition.IsLegitimateLeader(leader) && replica.LogEnd < leader.LogStart) return true;
        }

        return false;
    }

    private readonly record struct Seen(int Incarnation, long Start, long End, long Cleaned, int Readings);
}
