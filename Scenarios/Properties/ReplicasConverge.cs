using System.Collections.Generic;
using System.Linq;
using Scenarios.Observation;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>
/// L1: after the heal every partition has a leader, all its living replicas and no others in the ISR, and one HW equal to one LEO
/// on all of them. Excused: a partition of whose ISR no member lives, which without unclean election must stay offline.
/// </summary>
public sealed class ReplicasConverge(ClusterObservation cluster) : Validation
{
    /// <inheritdoc/>
    public override string Name => "L1-ReplicasConverge";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var living = cluster.Brokers.Where(b => !b.IsFallen).Select(b => b.Id).ToList();
        foreach (var partition in cluster.Partitions)
        {
            var assigned = living.Where(b => IsAssigned(partition, b)).ToList();
            if (!IsExcused(partition, living) && FindIn(partition, assigned) is { } violation) return $"{violation}. {partition.Describe()}";
        }

        return null;
    }

    // Of a partition whose replicas nobody has written down every broker has one.
    private bool IsAssigned(PartitionObservation partition, int broker) =>
        !cluster.Assignments.TryGetValue(partition.Topic, out var topic)
        || !topic.Partitions.TryGetValue(partition.Partition, out var assignment)
        || assignment.Replicas.Contains(broker);

    private static bool IsExcused(PartitionObservation partition, List<int> living) =>
        !partition.AllowsUncleanElection && partition.Quorum is { } quorum && !quorum.Isr.Any(living.Contains);

    private static string? FindIn(PartitionObservation partition, List<int> living)
    {
        if (partition.Quorum is not { Leader: >= 0 } quorum) return "there is no leader";
        if (!quorum.Isr.Order().SequenceEqual(living.Order())) return $"the ISR is [{string.Join(",", quorum.Isr)}], but of its replicas [{string.Join(",", living)}] live";
        if (!partition.Replicas.Any(partition.IsLegitimateLeader)) return $"broker {quorum.Leader} does not lead in epoch {quorum.LeaderEpoch}";
        var replicas = partition.Replicas.Where(r => living.Contains(r.BrokerId)).ToList();
        var end = replicas[0].LogEnd;
        var behind = replicas.FirstOrDefault(r => !r.IsRunning || r.LogEnd != end || r.HighWatermark != end || r.IsDiverged);
        return behind is null ? null : $"broker {behind.BrokerId} has not caught up";
    }
}
