using System;
using System.Collections.Generic;
using System.Linq;
using Scenarios.Cluster;
using Scenarios.Observation;
using Simulator.Engine;

namespace Scenarios.Running;

/// <summary>The rare situations of partitions that move to other replicas, seen in the store after each change.</summary>
internal sealed class MoveRarities
{
    private const string Completed = "reassignment completed";
    private const string Cancelled = "reassignment cancelled";
    private const string Replaced = "reassignment replaced by another";
    private const string SurvivedFailover = "reassignment survived a controller failover";
    private const string TargetDied = "target replica died during its move";

    private readonly Sometimes _sometimes;
    private readonly ClusterObservation _cluster;
    private readonly IReadOnlyList<BrokerMachine> _brokers;
    private readonly SortedDictionary<(string Topic, int Partition), Move> _moves = [];
    private IReadOnlyDictionary<string, TopicAssignment> _seen = new SortedDictionary<string, TopicAssignment>(StringComparer.Ordinal);

    /// <summary>Declares all of them.</summary>
    public MoveRarities(SimWorld world, ClusterObservation cluster, IReadOnlyList<BrokerMachine> brokers)
    {
        _sometimes = world.Sometimes;
        _cluster = cluster;
        _brokers = brokers;
        foreach (var situation in new[] { Completed, Cancelled, Replaced, SurvivedFailover, TargetDied }) _sometimes.Declare(situation);
    }

    /// <summary>Looks whether a situation has come since the last look.</summary>
    public void Look()
    {
        if (!ReferenceEquals(_seen, _cluster.Assignments))
        {
            foreach (var (topic, assignment) in _cluster.Assignments)
            {
                if (_seen.TryGetValue(topic, out var before) && ReferenceEquals(before, assignment)) continue;
                foreach (var (partition, state) in assignment.Partitions) LookAt((topic, partition), state);
            }

            _seen = _cluster.Assignments;
        }

        foreach (var move in _moves.Values.Where(m => !m.TargetDied && m.State.Adding.Any(IsDown)))
        {
            move.TargetDied = true;
            _sometimes.Reached(TargetDied);
        }
    }

    private void LookAt((string, int) partition, AssignmentState now)
    {
        var before = _moves.GetValueOrDefault(partition);
        if (!now.IsMoving) _moves.Remove(partition);
        else if (before is null) _moves[partition] = new Move(now, _cluster.ControllerEpoch);
        else before.State = now;
        if (before is null) return;
        if (now.IsMoving && !now.Target.SequenceEqual(before.Target)) _sometimes.Reached(SameSet(now.Target, before.Origin) ? Cancelled : Replaced);
        if (now.IsMoving)
        {
            before.Target = now.Target;
            return;
        }

        var isDone = now.Replicas.SequenceEqual(before.Target);
        _sometimes.Reached(isDone ? Completed : Cancelled);
        if (isDone && _cluster.ControllerEpoch > before.ControllerEpoch) _sometimes.Reached(SurvivedFailover);
    }

    private static bool SameSet(IReadOnlyList<int> some, IReadOnlyList<int> others) => some.Order().SequenceEqual(others.Order());

    private bool IsDown(int broker) => _brokers.Any(b => b.Id == broker && !b.Machine.IsUp);

    /// <summary>A move under way.</summary>
    private sealed class Move(AssignmentState state, int controllerEpoch)
    {
        public AssignmentState State { get; set; } = state;

        public IReadOnlyList<int> Origin { get; } = state.Origin;

        public IReadOnlyList<int> Target { get; set; } = state.Target;

        public int ControllerEpoch => controllerEpoch;

        public bool TargetDied { get; set; }
    }
}
