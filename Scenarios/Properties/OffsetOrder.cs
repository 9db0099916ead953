using System.Collections.Generic;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>S9: log start ≤ HW ≤ LEO on every running replica, and the offsets in its files go up by one. (The last stable offset follows with transactions.)</summary>
public sealed class OffsetOrder(IReadOnlyList<PartitionObservation> partitions) : PartitionInvariant(partitions)
{
    /// <inheritdoc/>
    public override string Name => "S9-OffsetOrder";

    /// <inheritdoc/>
    protected override string? FindViolation(PartitionObservation partition)
    {
        foreach (var replica in partition.Replicas)
        {
            if (!replica.IsRunning) continue;
            if (replica.Log.Disorder is { } disorder) return disorder;
            if (replica.LogStart > replica.HighWatermark || replica.HighWatermark > replica.LogEnd) return $"broker {replica.BrokerId} has log start {replica.LogStart}, HW {replica.HighWatermark}, LEO {replica.LogEnd}";
        }

        return null;
    }
}
