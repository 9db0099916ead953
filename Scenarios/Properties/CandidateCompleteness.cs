using System.Collections.Generic;
using System.Linq;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>S5: no running member of the store's ISR ends below the true high watermark: each could lead at once without loss.</summary>
public sealed class CandidateCompleteness(IReadOnlyList<PartitionObservation> partitions) : PartitionInvariant(partitions)
{
    /// <inheritdoc/>
    public override string Name => "S5-CandidateCompleteness";

    /// <inheritdoc/>
    protected override string? FindViolation(PartitionObservation partition)
    {
        if (partition.Quorum is not { } quorum || partition.Losses.Pending is not null) return null;
        foreach (var lacking in partition.Replicas)
        {
            if (!lacking.IsRunning || lacking.LogEnd >= partition.TrueHighWatermark || !quorum.Isr.Contains(lacking.BrokerId)) continue;
            return $"ISR member {lacking.BrokerId} ends at {lacking.LogEnd}, below the true high watermark {partition.TrueHighWatermark}";
        }

        return null;
    }
}
