using System.Collections.Generic;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>S15, first half: on every running replica 0 ≤ recovery point ≤ LEO. What stands in the files after a crash is the engine's disk model's to say.</summary>
public sealed class CheckpointBounds(IReadOnlyList<PartitionObservation> partitions) : PartitionInvariant(partitions)
{
    /// <inheritdoc/>
    public override string Name => "S15-CheckpointBounds";

    /// <inheritdoc/>
    protected override string? FindViolation(PartitionObservation partition)
    {
        foreach (var wrong in partition.Replicas)
        {
            if (!wrong.IsRunning || (wrong.RecoveryPoint >= 0 && wrong.RecoveryPoint <= wrong.LogEnd)) continue;
            return $"broker {wrong.BrokerId} has recovery point {wrong.RecoveryPoint}, LEO {wrong.LogEnd}";
        }

        return null;
    }
}
