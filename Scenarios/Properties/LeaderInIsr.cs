using System.Collections.Generic;
using System.Linq;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>S2: the leader in the partition's znode is none, or in its ISR.</summary>
public sealed class LeaderInIsr(IReadOnlyList<PartitionObservation> partitions) : PartitionInvariant(partitions)
{
    /// <inheritdoc/>
    public override string Name => "S2-LeaderInIsr";

    /// <inheritdoc/>
    protected override string? FindViolation(PartitionObservation partition) =>
        partition.Quorum is { Leader: >= 0 } quorum && !quorum.Isr.Contains(quorum.Leader)
            ? $"the leader {quorum.Leader} is not in the ISR [{string.Join(",", quorum.Isr)}]"
            : null;
}
