using System.Collections.Generic;

namespace Scenarios.Observation;

/// <summary>One replica of a partition as last seen.</summary>
public sealed class ReplicaObservation(int brokerId, ShadowLog log)
{
    private int _shownIn = -1;
    private long _shownTo;
    private bool _hasDiverged;

    /// <summary>The broker.</summary>
    public int BrokerId => brokerId;

    /// <summary>Its log as it stands on its disk.</summary>
    public ShadowLog Log => log;

    /// <summary>True while the broker runs and has loaded the partition.</summary>
    public bool IsRunning { get; set; }

    /// <summary>Which of the broker's processes it is that was seen last; 0 for none.</summary>
    public int Incarnation { get; set; }

    /// <summary>True while it believes to be the leader.</summary>
    public bool PresumesLeadership { get; set; }

    /// <summary>The leader epoch it knows.</summary>
    public int LeaderEpoch { get; set; } = -1;

    /// <summary>The ISR it knows; of interest on a leader.</summary>
    public IReadOnlyList<int> Isr { get; set; } = [];

    /// <summary>The larger ISR over which a leader computes its high watermark: committed and proposed members.</summary>
    public IReadOnlyList<int> MaximalIsr { get; set; } = [];

    /// <summary>High watermark.</summary>
    public long HighWatermark { get; set; }

    /// <summary>Log end offset.</summary>
    public long LogEnd { get; set; }

    /// <summary>Log start offset.</summary>
    public long LogStart { get; set; }

    /// <summary>Offset below which its broker holds everything to be on the device.</summary>
    public long RecoveryPoint { get; set; }

    /// <summary>Offset up to which its broker holds the log to be compacted; 0 where it never was.</summary>
    public long CleanedUpTo { get; set; }

    /// <summary>Its broker's wall clock when it was seen last.</summary>
    public long WallMillis { get; set; }

    /// <summary>True if its log may hold what an unclean election has lost, until it agrees with the leader's again.</summary>
    public bool IsDiverged
    {
        get;
        set => _hasDiverged |= field = value;
    }

    /// <summary>
    /// Its broker runs anew. What a replica has cut off, and the high watermark that it has lowered, come back if the crash was before
    /// they were on the device: it may be as far from the others again as an election had once left it.
    /// </summary>
    internal void BeginAnew()
    {
        log.Reset();
        IsDiverged = _hasDiverged;
    }

    /// <summary>Notes the records that it shows as leader and that it has not shown before in this epoch.</summary>
    internal void NoteShown(PartitionLosses losses)
    {
        if (_shownIn != LeaderEpoch) (_shownIn, _shownTo) = (LeaderEpoch, 0);
        for (; _shownTo < HighWatermark && _shownTo < log.End; _shownTo++) losses.NoteShown(_shownTo, log.EpochAt(_shownTo));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"broker {BrokerId}{(IsRunning ? string.Empty : " (down)")} {(PresumesLeadership ? "leader" : "follower")} epoch {LeaderEpoch}{(LogStart > 0 ? $" start {LogStart}" : string.Empty)} HW {HighWatermark} LEO {LogEnd} matches committed up to {Log.Matched}";
}
