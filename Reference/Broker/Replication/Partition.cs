using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Broker.Configuration;
using Reference.Broker.Storage;
using Reference.StateMachines;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <summary>
/// This broker's replica of a partition: its role, leader epoch and log, and as leader the ISR and the high watermark.
/// </summary>
/// <remarks>
/// Interleaving: everything here is synchronous but the log. Whoever awaits the log asks again afterwards whether the role and
/// epoch are still those of before (<see cref="Term"/>), because a LeaderAndIsr may have come in between. The log itself refuses
/// appends of another epoch or role, so a late one can't slip in.
/// </remarks>
public sealed partial class Partition
{
    private readonly ReplicationContext _context;
    private readonly StateMachine<ReplicaRole, ReplicaTrigger> _roles = ReplicaRoles.Create();
    private LeaderState? _leader;
    private LoopPromise<Nothing>? _epochChange;

    /// <summary>A replica without a role yet.</summary>
    public Partition(TopicPartition id, ReplicationContext context, PartitionLog log, TopicConfig config)
    {
        Id = id;
        _context = context;
        Log = log;
        Config = config;
    }

    /// <summary>Which partition.</summary>
    public TopicPartition Id { get; }

    /// <summary>Its log.</summary>
    public PartitionLog Log { get; }

    /// <summary>What governs the topic.</summary>
    public TopicConfig Config { get; private set; }

    /// <summary>The role.</summary>
    public ReplicaRole Role => _roles.State;

    /// <summary>True if this broker leads.</summary>
    public bool IsLeader => _leader is not null;

    /// <summary>The leader's broker id; -1 for none.</summary>
    public int LeaderId { get; private set; } = -1;

    /// <summary>The latest leader epoch heard of; -1 before the first.</summary>
    public int LeaderEpoch { get; private set; } = -1;

    /// <summary>The controller epoch of the last change.</summary>
    public int ControllerEpoch { get; private set; } = -1;

    /// <summary>The assignment.</summary>
    public IReadOnlyList<int> Replicas { get; private set; } = [];

    /// <summary>The ISR as a leader; null in other roles.</summary>
    public InSyncReplicas? Isr => _leader?.Isr;

    /// <summary>What is kept as leader; null in other roles.</summary>
    public LeaderState? Leadership => _leader;

    /// <summary>As a follower, the leader's high watermark as last told in this epoch, which this log may not have reached; else -1.</summary>
    public long LeaderHighWatermark { get; private set; } = -1;

    /// <summary>The high watermark.</summary>
    public long HighWatermark => Log.HighWatermark;

    /// <summary>Counts the times this replica began to lead or ceased to: what was appended in one term may be gone in the next.</summary>
    public int Term { get; private set; }

    /// <summary>Takes over changed options of the topic.</summary>
    public void Reconfigure(TopicConfig config)
    {
        Config = config;
        Log.Config = config.Log;
    }

    /// <summary>Begins to lead in an epoch, or goes on leading in a higher one.</summary>
    /// <returns>True if it did not lead before.</returns>
    /// <exception cref="StorageException">The log's disk failed.</exception>
    public async LoopTask<bool> Lead(LeaderAndIsrRequest.LeaderAndIsrPartitionState state)
    {
        var change = _epochChange = new LoopPromise<Nothing>(); // the log notes the epoch on its disk: appends of a leader that stays wait so long
        try
        {
            return await BeginEpoch(state);
        }
        finally
        {
            if (_epochChange == change) _epochChange = null;
            change.TrySetResult(default);
        }
    }

    private async LoopTask<bool> BeginEpoch(LeaderAndIsrRequest.LeaderAndIsrPartitionState state)
    {
        var wasLeader = IsLeader;
        Adopt(state);
        var previous = _leader;
        var start = await Log.StartLeading(state.LeaderEpoch);
        if (LeaderEpoch != state.LeaderEpoch || Role is ReplicaRole.Offline or ReplicaRole.Stopped)
            return false; // a newer epoch or the end came, or the disk went, while the log noted this one
        _leader = new LeaderState(_context, state.LeaderEpoch, start, state.Isr, state.ZkVersion, state.Replicas, previous, state.IsrEpochs);
        if (!wasLeader) Term++;
        _roles.Fire(ReplicaTrigger.Lead);
        RaiseHighWatermark();
        return !wasLeader;
    }

    /// <summary>Begins to follow in an epoch.</summary>
    public void Follow(LeaderAndIsrRequest.LeaderAndIsrPartitionState state)
    {
        Adopt(state);
        Log.StartFollowing(state.LeaderEpoch);
        LeaveLeadership();
        _roles.Fire(ReplicaTrigger.Follow);
    }

    /// <summary>The replica ends: StopReplica came, or the broker stops.</summary>
    public void Stop()
    {
        LeaveLeadership();
        _roles.Fire(ReplicaTrigger.Stop);
    }

    /// <summary>The log directory has failed.</summary>
    public void LoseDisk()
    {
        LeaveLeadership();
        _roles.Fire(ReplicaTrigger.LoseDisk);
    }

    /// <summary>A follower learns the leader's high watermark.</summary>
    public void FollowHighWatermark(long leaderHighWatermark)
    {
        if (Role != ReplicaRole.Follower) return;
        LeaderHighWatermark = leaderHighWatermark;
        var before = Log.HighWatermark;
        if (Log.UpdateHighWatermark(leaderHighWatermark) != before) _context.Fetches.CheckAndComplete(Id); // consumers read here too (KIP-392)
    }

    /// <summary>Checks a peer's leader epoch, and whether this broker leads if that is required.</summary>
    /// <exception cref="ReplicaException">FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, NOT_LEADER_OR_FOLLOWER or KAFKA_STORAGE_ERROR.</exception>
    public void EnsureServes(int requestedEpoch, bool asLeader = true)
    {
        if (Role == ReplicaRole.Offline) throw new ReplicaException(ErrorCode.KafkaStorageError, $"The log directory of {Id} is offline.");
        var verdict = _context.Decisions.CheckLeaderEpoch(requestedEpoch, LeaderEpoch);
        if (verdict != ErrorCode.None) throw new ReplicaException(verdict, $"{Id} is in leader epoch {LeaderEpoch}, the request in {requestedEpoch}.");
        if (asLeader && !IsLeader) throw new ReplicaException(ErrorCode.NotLeaderOrFollower, $"{Id} is led by {LeaderId}, not by this broker.");
        if (Role is ReplicaRole.Idle or ReplicaRole.Stopped) throw new ReplicaException(ErrorCode.NotLeaderOrFollower, $"{Id} has no role here.");
    }

    private void Adopt(LeaderAndIsrRequest.LeaderAndIsrPartitionState state)
    {
        LeaderId = state.Leader;
        LeaderEpoch = state.LeaderEpoch;
        LeaderHighWatermark = -1;
        ControllerEpoch = state.ControllerEpoch;
        Replicas = [.. state.Replicas];
        if (_context.Log.IsEnabled(LogLevel.Debug))
            _context.Log.LogDebug("{Partition}: leader {Leader} epoch {Epoch} isr [{Isr}]", Id, state.Leader, state.LeaderEpoch, string.Join(',', state.Isr));
    }

    private void LeaveLeadership()
    {
        if (_leader is null) return;
        _leader = null;
        Term++;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Id} {Role} epoch {LeaderEpoch} isr {_leader?.Isr} start {Log.LogStartOffset} hw {Log.HighWatermark} end {Log.LogEndOffset}";
}
