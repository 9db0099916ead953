using System.Collections.Generic;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>S15, of running replicas: 0 ≤ recovery point ≤ LEO. Of the start after a crash <see cref="MarkerOfClosedLogs"/> tells; that a file's content after one is
/// what the disk model allows holds by the engine's making, which its own tests show.</summary>
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
