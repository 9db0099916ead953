using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Znodes;
using Reference.StateMachines;

namespace Reference.Broker.Controller;

/// <summary>
/// What the controller of one reign knows. All collections are sorted, so that what is done in their order is the same in
/// every run.
/// </summary>
public sealed class ControllerContext
{
    private readonly SortedDictionary<TopicPartition, StateMachine<PartitionState, PartitionTrigger>> _partitions = [];
    private readonly SortedDictionary<PartitionReplica, StateMachine<ReplicaState, ReplicaTrigger>> _replicas = [];
    private readonly SortedDictionary<TopicPartition, long> _forgottenAt = [];

    /// <summary>Registered brokers with the epochs of their registrations, those in controlled shutdown included.</summary>
    public SortedDictionary<int, RegisteredBroker> Brokers { get; } = [];

    /// <summary>Brokers that have restarted, while their last runs are being taken leave of: they are not yet among the <see cref="Brokers"/>.</summary>
    public SortedDictionary<int, RegisteredBroker> Returning { get; } = [];

    /// <summary>The registrations as of the last look: the brokers, and those that are returning.</summary>
    public IReadOnlyDictionary<int, RegisteredBroker> Registrations =>
        Returning.Count == 0 ? Brokers : Brokers.Concat(Returning).ToDictionary(b => b.Key, b => b.Value);

    /// <summary>The latest epoch of a registration that the reign found when it began: who registers later does so under its eyes.</summary>
    public long LastRegistrationFound { get; set; } = long.MaxValue;

    /// <summary>Brokers in controlled shutdown.</summary>
    public SortedSet<int> ShuttingDown { get; } = [];

    /// <summary>Replicas by topic and partition.</summary>
    public SortedDictionary<string, SortedDictionary<int, PartitionAssignment>> Assignment { get; } = new(StringComparer.Ordinal);

    /// <summary>Topics of which no or not all partitions are known, since their assignment cannot be read; with the reason.</summary>
    public SortedDictionary<string, string> Unreadable { get; } = new(StringComparer.Ordinal);

    /// <summary>The latest known state of each partition that has one.</summary>
    public SortedDictionary<TopicPartition, PartitionStateZnode> Leadership { get; } = [];

    /// <summary>
    /// Of partitions without a leader, former members of the ISR that the leader had outlived: they may lack records of it, but have more than
    /// those who never were in sync. Known to this reign only.
    /// </summary>
    public SortedDictionary<TopicPartition, IReadOnlyList<int>> Outlived { get; } = [];

    /// <summary>Replicas whose disk has failed although their broker is up.</summary>
    public SortedSet<PartitionReplica> FailedReplicas { get; } = [];

    /// <summary>Topics being deleted.</summary>
    public TopicDeletions Deletions { get; } = new();

    /// <summary>Brokers that may be given leadership.</summary>
    public IEnumerable<int> LiveBrokers => Brokers.Keys.Where(id => !ShuttingDown.Contains(id));

    /// <summary>All partitions, in order.</summary>
    public IEnumerable<TopicPartition> Partitions => Assignment.SelectMany(t => t.Value.Keys.Select(p => new TopicPartition(t.Key, p)));

    /// <summary>Partitions whose replicas are being added or removed.</summary>
    public IReadOnlyList<TopicPartition> Reassigning => [.. Partitions.Where(p => AssignmentOf(p).IsBeingReassigned)];

    /// <summary>A partition's assignment; <see cref="PartitionAssignment.None"/> if it is not known.</summary>
    public PartitionAssignment AssignmentOf(TopicPartition partition) =>
        Assignment.TryGetValue(partition.Topic, out var partitions) && partitions.TryGetValue(partition.Partition, out var assignment) ? assignment : PartitionAssignment.None;

    /// <summary>Replicas of a partition, those being added and removed included, preferred leader first; empty if it is not known.</summary>
    public IReadOnlyList<int> ReplicasOf(TopicPartition partition) => AssignmentOf(partition).Replicas;

    /// <summary>True if a partition of the topic is being reassigned.</summary>
    public bool IsBeingReassigned(string topic) => PartitionsOf(topic).Any(p => AssignmentOf(p).IsBeingReassigned);

    /// <summary>Partitions of a topic.</summary>
    public IReadOnlyList<TopicPartition> PartitionsOf(string topic) =>
        Assignment.TryGetValue(topic, out var partitions) ? [.. partitions.Keys.Select(p => new TopicPartition(topic, p))] : [];

    /// <summary>Replicas of a topic.</summary>
    public IReadOnlyList<PartitionReplica> ReplicasOf(string topic) => [.. PartitionsOf(topic).SelectMany(p => ReplicasOf(p).Select(r => new PartitionReplica(p, r)))];

    /// <summary>Replicas on brokers.</summary>
    public IReadOnlyList<PartitionReplica> ReplicasOn(IReadOnlySet<int> brokers) =>
        [.. Partitions.SelectMany(p => ReplicasOf(p).Where(brokers.Contains).Select(r => new PartitionReplica(p, r)))];

    /// <summary>Whether a replica can serve; replicas on brokers in shutdown count only if asked for.</summary>
    public bool IsReplicaOnline(PartitionReplica replica, bool includeShuttingDown = false) =>
        Brokers.ContainsKey(replica.BrokerId)
        && (includeShuttingDown || !ShuttingDown.Contains(replica.BrokerId))
        && !FailedReplicas.Contains(replica);

    /// <summary>The replicas of a partition that can serve.</summary>
    public SortedSet<int> OnlineReplicas(TopicPartition partition, bool includeShuttingDown = false) =>
        [.. ReplicasOf(partition).Where(r => IsReplicaOnline(new PartitionReplica(partition, r), includeShuttingDown))];

    /// <summary>A partition's state machine.</summary>
    public StateMachine<PartitionState, PartitionTrigger> Partition(TopicPartition partition)
    {
        if (!_partitions.TryGetValue(partition, out var machine)) _partitions.Add(partition, machine = PartitionLifecycle.Create());
        return machine;
    }

    /// <summary>A replica's state machine.</summary>
    public StateMachine<ReplicaState, ReplicaTrigger> Replica(PartitionReplica replica)
    {
        if (!_replicas.TryGetValue(replica, out var machine)) _replicas.Add(replica, machine = ReplicaLifecycle.Create());
        return machine;
    }

    /// <summary>Puts a partition into a state found at the beginning of a reign.</summary>
    public void Initialize(TopicPartition partition, PartitionState state) => _partitions[partition] = PartitionLifecycle.Create(state);

    /// <summary>Puts a replica into a state found at the beginning of a reign.</summary>
    public void Initialize(PartitionReplica replica, ReplicaState state) => _replicas[replica] = ReplicaLifecycle.Create(state);

    /// <summary>Partitions in one of the states, but not of topics being deleted.</summary>
    public IReadOnlyList<TopicPartition> PartitionsIn(params PartitionState[] states) =>
        [.. _partitions.Where(p => states.Contains(p.Value.State) && !Deletions.IsQueued(p.Key.Topic)).Select(p => p.Key)];

    /// <summary>Replicas of a topic in a state.</summary>
    public IReadOnlyList<PartitionReplica> ReplicasIn(string topic, ReplicaState state) =>
        [.. ReplicasOf(topic).Where(r => Replica(r).State == state)];

    /// <summary>Forgets a replica that has been taken away.</summary>
    public void RemoveReplica(PartitionReplica replica)
    {
        _replicas.Remove(replica);
        FailedReplicas.Remove(replica);
    }

    /// <summary>
    /// Forgets the state of a partition whose replicas have gone while it could not be read: it still names them. Nobody is told of it
    /// until it can be, and then it is taken over like one that this reign has not seen before.
    /// </summary>
    public void Forget(TopicPartition partition)
    {
        if (!Leadership.Remove(partition)) return;
        _forgottenAt[partition] = Brokers.Values.Max(b => (long?)b.Epoch) ?? LastRegistrationFound;
        Outlived.Remove(partition);
        Initialize(partition, PartitionState.New);
    }

    /// <summary>The latest epoch of a registration that was known when a partition's state last was: who has registered later may lack what it had.</summary>
    public long LastRegistrationSeenBy(TopicPartition partition) => _forgottenAt.GetValueOrDefault(partition, LastRegistrationFound);

    /// <summary>Forgets a deleted topic.</summary>
    public void RemoveTopic(string topic)
    {
        foreach (var replica in ReplicasOf(topic)) RemoveReplica(replica);

        foreach (var partition in PartitionsOf(topic))
        {
            _partitions.Remove(partition);
            Leadership.Remove(partition);
            Outlived.Remove(partition);
            _forgottenAt.Remove(partition);
        }

        Assignment.Remove(topic);
        Unreadable.Remove(topic);
    }
}
