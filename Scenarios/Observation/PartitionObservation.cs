using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Scenarios.Observation;

/// <summary>A partition as last seen on all its replicas and in the store, with the ghosts that the properties need.</summary>
public sealed class PartitionObservation(string topic, int partition, IReadOnlyList<ReplicaObservation> replicas, LogUpkeep upkeep = default, PartitionLosses? losses = null)
{
    private bool _touched;

    /// <summary>"topic-partition".</summary>
    public string Name { get; } = $"{topic}-{partition}";

    /// <summary>Its topic.</summary>
    public string Topic => topic;

    /// <summary>Its number.</summary>
    public int Partition => partition;

    /// <summary>What brokers may do to its committed records.</summary>
    public LogUpkeep Upkeep => upkeep;

    /// <summary>All replicas.</summary>
    public ImmutableArray<ReplicaObservation> Replicas { get; } = [.. replicas];

    /// <summary>The store's word, once there is one.</summary>
    public QuorumState? Quorum { get; set; }

    /// <summary>Everything that was ever shown as committed.</summary>
    public CommittedLog Committed { get; } = new();

    /// <summary>Whether a replica outside the ISR may be made leader.</summary>
    public bool AllowsUncleanElection { get; init; }

    /// <summary>What such elections have lost.</summary>
    public PartitionLosses Losses { get; } = losses ?? new PartitionLosses();

    /// <summary>The highest high watermark that a leader of the store's epoch ever had.</summary>
    public long TrueHighWatermark { get; set; }

    /// <summary>The highest log start that any replica ever had: below it records may be gone.</summary>
    public long HighestLogStart { get; set; }

    /// <summary>Who was seen leading in an epoch.</summary>
    public Dictionary<int, int> LeaderOfEpoch { get; } = [];

    /// <summary>The highest offset that was acknowledged with acks=all, plus one.</summary>
    public long AcknowledgedEnd
    {
        get;
        set
        {
            field = value;
            Touch();
        }
    }

    /// <summary>Number of times that the store named another leader.</summary>
    public int LeaderChanges { get; set; }

    /// <summary>
    /// True if anything of it has changed between the last two looks of its <see cref="ClusterObservation"/>: what held for the others
    /// holds still. True also where nobody says.
    /// </summary>
    public bool HasChanged { get; private set; } = true;

    /// <summary>True for a replica that leads in the store's own epoch.</summary>
    public bool IsLegitimateLeader(ReplicaObservation replica) =>
        Quorum is { } quorum && replica.IsRunning && replica.PresumesLeadership && replica.LeaderEpoch == quorum.LeaderEpoch && replica.BrokerId == quorum.Leader;

    /// <summary>True if a client may find nothing where a record was committed: it is deleted, or compaction may have taken it away.</summary>
    public bool MayBeGone(long offset) =>
        offset < HighestLogStart || (upkeep.Compacts && offset < Committed.End && Committed.MayBeCompactedAway(offset));

    /// <summary>A client was told that an offset is written on all replicas in sync. After an unclean election such news may come from the leader of the past.</summary>
    public void NoteAcknowledged(long offset)
    {
        if (Losses.Elections.Count == 0 || (Losses.Pending is null && offset < Committed.End)) AcknowledgedEnd = Math.Max(AcknowledgedEnd, offset + 1);
    }

    /// <summary>Notes what leaders show as committed, where that can be lost.</summary>
    internal void NoteShown()
    {
        if (!AllowsUncleanElection) return;
        foreach (var leader in Replicas)
        {
            if (leader is { IsRunning: true, PresumesLeadership: true }) leader.NoteShown(Losses);
        }
    }

    /// <summary>If a replica elected from outside the ISR leads now, what it does not have is not committed any more.</summary>
    internal void SettleLosses()
    {
        if (Losses.Elections.Count == 0) return;
        foreach (var leader in Replicas)
        {
            if (leader is not { IsRunning: true, PresumesLeadership: true } || !Losses.Settle(leader)) continue;
            leader.Log.Match(Committed);
            Committed.CutTo(leader.Log.Matched);
            TrueHighWatermark = Math.Min(TrueHighWatermark, Committed.End);
            AcknowledgedEnd = Math.Min(AcknowledgedEnd, Committed.End);
            foreach (var replica in Replicas)
            {
                replica.Log.Unmatch(Committed);
                replica.IsDiverged = replica != leader;
            }

            return;
        }
    }

    /// <summary>Something of it changes.</summary>
    internal void Touch() => _touched = true;

    /// <summary>A look begins: what changed before it counts for it.</summary>
    internal void BeginLook() => (HasChanged, _touched) = (_touched, false);

    /// <summary>The whole state in words, for messages.</summary>
    public string Describe() => $"{Name}: store: {Quorum?.ToString() ?? "nothing"}; true HW {TrueHighWatermark}; {string.Join("; ", Replicas.Select(r => r.ToString()))}";
}
