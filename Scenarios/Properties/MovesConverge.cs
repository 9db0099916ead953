using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Scenarios.History;
using Scenarios.Observation;
using Scenarios.Workload;
using Simulator.Engine.Properties;
using Simulator.Engine.Timelines;

namespace Scenarios.Properties;

/// <summary>
/// L4 for moves: after the heal none is under way and no wish for one is left; each partition has, in their order, exactly the
/// replicas of the last move that was accepted, unless a later one of unknown outcome or one given up allows others; and a living
/// broker keeps the directories of its own replicas and of no other's.
/// </summary>
public sealed class MovesConverge(ClusterObservation cluster, ClientHistory history) : Validation
{
    /// <inheritdoc/>
    public override string Name => "L4-MovesConverge";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        if (cluster.WishesMoves) return "wishes for moves still stand in the store";
        foreach (var (topic, assignments) in cluster.Assignments)
        {
            foreach (var (partition, assignment) in assignments.Partitions)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{topic}-{partition}");
                if (assignment.IsMoving) return $"{name} still moves: {assignment}";
                if (FindUnasked(topic, partition, assignment) is { } unasked) return $"{name} {unasked}";
                if (FindMisplaced(name, assignment) is { } misplaced) return misplaced;
            }
        }

        return null;
    }

    private string? FindUnasked(string topic, int partition, AssignmentState now)
    {
        var possible = Possible(cluster.FirstAssignments[(topic, partition)].Replicas, history.Chores.Where(c => c.Chore.IsMove && c.Chore.Topic == topic && c.Chore.Partition == partition));
        return possible.Any(p => p.Allows(now.Replicas))
            ? null
            : $"has the replicas {now}, but after the moves asked for it must have one of: {string.Join(" ", possible.Select(p => $"[{string.Join(",", p.Replicas)}]"))}";
    }

    /// <summary>
    /// What the replicas may be after all that was asked. A request of unknown outcome may have its effect at any later time, and so may
    /// a wish in the store, which may be refused there as well. Who gives a move up gets what was there before it, in another order.
    /// </summary>
    private static List<Possibility> Possible(IReadOnlyList<int> first, IEnumerable<ChoreOperation> moves)
    {
        List<Possibility> ever = [new(first)], settled = [new(first)], late = [];
        foreach (var (kind, replicas, outcome) in moves.Select(m => (m.Chore.Kind, new Possibility(m.Chore.Replicas), m.Outcome)))
        {
            if (kind == ChoreKind.CancelMove)
            {
                if (outcome != OperationOutcome.Fail) settled = [.. ever.Select(e => e with { InAnyOrder = true })];
                if (outcome is null or OperationOutcome.Info) late.AddRange(settled);
                continue;
            }

            ever.Add(replicas);
            if (kind == ChoreKind.Move && outcome == OperationOutcome.Ok) settled = [replicas];
            else if (kind == ChoreKind.Move && outcome == OperationOutcome.Fail) settled.Add(replicas); // an attempt before the refused one may have been accepted
            else if (outcome != OperationOutcome.Fail) late.Add(replicas);
        }

        return [.. settled, .. late];
    }

    private string? FindMisplaced(string partition, AssignmentState assignment)
    {
        foreach (var broker in cluster.Brokers.Where(b => !b.IsFallen))
        {
            var keeps = broker.LogDirectories.Any(d => broker.Machine.Disk.PeekNames(d).Contains(partition));
            var shall = assignment.Replicas.Contains(broker.Id);
            if (keeps && !shall) return $"broker {broker.Id} still keeps {partition}, which has moved to {assignment}";
            if (!keeps && shall) return $"broker {broker.Id} does not keep {partition}, though it is one of {assignment}";
        }

        return null;
    }

    private readonly record struct Possibility(IReadOnlyList<int> Replicas, bool InAnyOrder = false)
    {
        public bool Allows(IReadOnlyList<int> found) => InAnyOrder ? found.Order().SequenceEqual(Replicas.Order()) : found.SequenceEqual(Replicas);
    }
}
