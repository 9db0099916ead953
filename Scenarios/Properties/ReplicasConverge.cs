using System.Collections.Generic;
using System.Linq;
using Scenarios.Observation;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>L1: after the heal every partition has a leader, all its replicas in the ISR, and one HW equal to one LEO everywhere.</summary>
public sealed class ReplicasConverge(IReadOnlyList<PartitionObservation> partitions) : Validation
{
    /// <inheritdoc/>
    public override string Name => "L1-ReplicasConverge";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        foreach (var partition in partitions)
        {
            if (FindIn(partition) is { } violation) return $"{violation}. {partition.Describe()}";
        }

        return null;
    }

    private static string? FindIn(PartitionObservation partition)
    {
        if (partition.Quorum is not { Leader: >= 0 } quorum) return "there is no leader";
        if (quorum.Isr.Count != partition.Replicas.Count) return $"the ISR has {quorum.Isr.Count} members of {partition.Replicas.Count}";
        if (!partition.Replicas.Any(partition.IsLegitimateLeader)) return $"broker {quorum.Leader} does not lead in epoch {quorum.LeaderEpoch}";
        var end = partition.Replicas[0].LogEnd;
        var behind = partition.Replicas.FirstOrDefault(r => !r.IsRunning || r.LogEnd != end || r.HighWatermark != end);
        return behind is null ? null : $"broker {behind.BrokerId} has not caught up";
    }
}
