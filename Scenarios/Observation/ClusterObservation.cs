using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Scenarios.Cluster;
using Simulator.Engine;

namespace Scenarios.Observation;

/// <summary>
/// What a checker sees of a cluster: each partition in the store and on each broker, read from the nodes' memory and disks without
/// their knowing. Refreshed after each event, at a cost that grows with what changed.
/// </summary>
public sealed class ClusterObservation
{
    private readonly IObservedStore _coordination;
    private readonly ImmutableArray<IObservedBroker> _brokers;
    private readonly Seen[,] _seen;
    private readonly Queue<StoreReading> _reading = new();
    private IReadOnlyDictionary<string, TopicAssignment> _latest = new SortedDictionary<string, TopicAssignment>(StringComparer.Ordinal);
    private readonly Dictionary<(string Topic, int Partition), AssignmentState> _first = [];
    private long _seenZxid = -1;
    private readonly LogUpkeep _upkeep;
    private int _storeIncarnation;

    /// <summary>Observes partitions 0 to <paramref name="partitions"/>-1 of one topic.</summary>
    public ClusterObservation(IObservedStore coordination, IReadOnlyList<IObservedBroker> brokers, string topic, int partitions, LogUpkeep upkeep = default)
        : this(coordination, brokers, [.. Enumerable.Range(0, partitions).Select(p => (topic, p, false))], upkeep)
    {
    }

    /// <summary>Observes some partitions.</summary>
    /// <param name="coordination">The store.</param>
    /// <param name="brokers">The brokers.</param>
    /// <param name="partitions">The partitions, and for each whether an unclean election is allowed and its losses are followed; then all values of its records are noted.</param>
    /// <param name="upkeep">What brokers may do to committed records.</param>
    public ClusterObservation(
        IObservedStore coordination, IReadOnlyList<IObservedBroker> brokers, IReadOnlyList<(string Topic, int Partition, bool IsUnclean)> partitions, LogUpkeep upkeep = default)
    {
        _coordination = coordination;
        _brokers = [.. brokers];
        _upkeep = upkeep;
        _seen = new Seen[brokers.Count, partitions.Count];
        Partitions = [.. partitions.Select(p => Observe(p.Topic, p.Partition, p.IsUnclean))];
    }

    private PartitionObservation Observe(string topic, int partition, bool isUnclean)
    {
        var losses = new PartitionLosses();
        BatchSeen? seen = isUnclean ? losses.Note : null;
        var replicas = _brokers.Select(b => new ReplicaObservation(b.Id, new ShadowLog(b.Machine.Disk, [.. b.LogDirectories.Select(d => $"{d}/{topic}-{partition}")], _upkeep, seen))).ToList();
        return new PartitionObservation(topic, partition, replicas, _upkeep, losses) { AllowsUncleanElection = isUnclean };
    }

    /// <summary>All partitions.</summary>
    public ImmutableArray<PartitionObservation> Partitions { get; }

    /// <summary>All brokers.</summary>
    public ImmutableArray<IObservedBroker> Brokers => _brokers;

    /// <summary>The controller epoch in the store; 0 before the first.</summary>
    public int ControllerEpoch { get; private set; }

    /// <summary>Number of brokers that are registered in the store.</summary>
    public int RegisteredBrokers { get; private set; }

    /// <summary>The topics in the store, those that wait to be deleted among them.</summary>
    public IReadOnlyList<string> Topics { get; private set; } = [];

    /// <summary>The topics in the store that wait to be deleted.</summary>
    public IReadOnlyList<string> Deletions { get; private set; } = [];

    /// <summary>Which replicas the store gives each topic's partitions.</summary>
    public IReadOnlyDictionary<string, TopicAssignment> Assignments { get; private set; } = new SortedDictionary<string, TopicAssignment>(StringComparer.Ordinal);

    /// <summary>The replicas with which each partition was created.</summary>
    public IReadOnlyDictionary<(string Topic, int Partition), AssignmentState> FirstAssignments => _first;

    /// <summary>True while wishes for moves stand in the store.</summary>
    public bool WishesMoves { get; private set; }

    /// <summary>Number of leader changes seen in the store, over all partitions.</summary>
    public long LeaderChanges => Partitions.Sum(p => (long)p.LeaderChanges);

    /// <summary>Looks again after an event of a machine; true if anything changed.</summary>
    public bool Refresh(SimMachine machine)
    {
        var changed = machine == _coordination.Machine && RefreshStore();
        for (var index = 0; index < _brokers.Length; index++)
        {
            var broker = _brokers[index].Machine;
            if (broker == machine || !broker.IsUp) changed |= RefreshBroker(index);
        }

        if (!changed) return false;
        foreach (var partition in Partitions)
        {
            partition.BeginLook();
            if (partition.HasChanged) UpdateGhosts(partition);
        }

        return true;
    }

    // The tree runs ahead of the disk, and replies wait for the disk: what is read now counts only once it is durable.
    private bool RefreshStore()
    {
        if (_coordination.Tree is not { } tree) return false;
        if (_coordination.Machine.Process!.Incarnation != _storeIncarnation)
        {
            _storeIncarnation = _coordination.Machine.Process.Incarnation;
            _reading.Clear();
            _latest = Assignments;
            _seenZxid = -1;
        }

        if (tree.LastZxid != _seenZxid)
        {
            _seenZxid = tree.LastZxid;
            _reading.Enqueue(StoreReading.Of(tree, Partitions, _latest));
            _latest = _reading.Last().Assignments;
        }

        var changed = false;
        while (_reading.TryPeek(out var reading) && reading.Zxid <= _coordination.DurableZxid)
        {
            _reading.Dequeue();
            Take(reading);
            changed = true;
        }

        return changed;
    }

    private void Take(StoreReading reading)
    {
        ControllerEpoch = reading.ControllerEpoch;
        RegisteredBrokers = reading.RegisteredBrokers;
        Topics = reading.Topics;
        Deletions = reading.Deletions;
        TakeAssignments(reading.Assignments);
        WishesMoves = reading.WishesMoves;
        for (var i = 0; i < Partitions.Length; i++)
        {
            var partition = Partitions[i];
            if (reading.Partitions[i] is not { } state) continue;
            if (partition.Quorum is { } before && before.Leader != state.Leader && state.Leader >= 0) partition.LeaderChanges++;
            if (!ReferenceEquals(partition.Quorum, state)) partition.Touch();
            if (!_upkeep.MovesStart && IsUnclean(partition.Quorum, state)) partition.Losses.Begin(state.Leader, state.LeaderEpoch);
            partition.Quorum = state;
        }
    }

    private void TakeAssignments(IReadOnlyDictionary<string, TopicAssignment> now)
    {
        foreach (var (topic, assignment) in now)
        {
            if (Assignments.TryGetValue(topic, out var before) && ReferenceEquals(before, assignment)) continue;
            foreach (var (partition, state) in assignment.Partitions) _first.TryAdd((topic, partition), state);
        }

        Assignments = now;
    }

    private bool RefreshBroker(int brokerIndex)
    {
        var changed = false;
        var broker = _brokers[brokerIndex];
        for (var index = 0; index < Partitions.Length; index++)
        {
            var partition = Partitions[index];
            var replica = partition.Replicas[brokerIndex];
            if (broker.Look(partition.Topic, partition.Partition) is not { } now)
            {
                if (!replica.IsRunning) continue;
                replica.IsRunning = false;
                _seen[brokerIndex, index] = default; // should it come again in this life of its broker, it is another log
                partition.Touch();
                changed = true;
                continue;
            }

            ref var seen = ref _seen[brokerIndex, index];
            if (replica.IsRunning && seen.Incarnation == broker.Incarnation && seen.Reading == now) continue;
            if (seen.Incarnation != broker.Incarnation) replica.BeginAnew();
            seen = new Seen(broker.Incarnation, now);
            replica.Incarnation = broker.Incarnation;
            replica.WallMillis = broker.Machine.Clock.WallMillis;
            Take(replica, now);
            if (broker.Machine.World.Trace is { IsOn: true } trace) trace.Write(broker.Machine.Name, "state", $"{partition.Name} {replica} ISR [{string.Join(",", replica.MaximalIsr)}]");
            partition.Touch();
            changed = true;
        }

        return changed;
    }

    private static void Take(ReplicaObservation replica, ReplicaReading reading)
    {
        replica.IsRunning = true;
        replica.PresumesLeadership = reading.IsLeader;
        replica.LeaderEpoch = reading.LeaderEpoch;
        replica.Isr = reading.Isr;
        replica.MaximalIsr = reading.MaximalIsr;
        replica.HighWatermark = reading.HighWatermark;
        replica.LogEnd = reading.LogEnd;
        replica.LogStart = reading.LogStart;
        replica.RecoveryPoint = reading.RecoveryPoint;
        replica.CleanedUpTo = reading.CleanedUpTo;
        replica.Log.Follow(reading.LogEnd, reading.LogStart, reading.Rewrites);
    }

    private static bool IsUnclean(QuorumState? before, QuorumState now) =>
        before is not null && now.Leader >= 0 && now.LeaderEpoch > before.LeaderEpoch && !before.Isr.Contains(now.Leader) && now.Isr is [var only] && only == now.Leader;

    private static void UpdateGhosts(PartitionObservation partition)
    {
        partition.NoteShown();
        partition.SettleLosses();
        if (partition.Losses.Pending is not null) return;
        foreach (var replica in partition.Replicas)
        {
            if (replica.IsDiverged && replica.IsRunning) Reconcile(replica, partition);
            if (!replica.IsRunning || replica.IsDiverged) continue;
            partition.Committed.Extend(replica.Log, replica.HighWatermark, replica.WallMillis);
            partition.HighestLogStart = Math.Max(partition.HighestLogStart, replica.LogStart);
            if (partition.IsLegitimateLeader(replica)) partition.TrueHighWatermark = Math.Max(partition.TrueHighWatermark, replica.HighWatermark);
        }

        foreach (var replica in partition.Replicas) replica.Log.Match(partition.Committed);
    }

    // It has heard of the election, and shows nothing that was lost.
    private static void Reconcile(ReplicaObservation replica, PartitionObservation partition)
    {
        replica.Log.Match(partition.Committed);
        if (replica.LeaderEpoch >= partition.Losses.LastEpoch && replica.Log.Matched >= Math.Min(replica.HighWatermark, replica.Log.End)) replica.IsDiverged = false;
    }

    private readonly record struct Seen(int Incarnation, ReplicaReading Reading);
}
