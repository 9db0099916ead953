using System.Collections.Generic;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>Where unclean.leader.election.enable is off, no replica outside the ISR is ever made leader.</summary>
public sealed class CleanElection(IReadOnlyList<PartitionObservation> partitions) : PartitionInvariant(partitions)
{
    /// <inheritdoc/>
    public override string Name => "clean-election";

    /// <inheritdoc/>
    protected override string? FindViolation(PartitionObservation partition) => !partition.AllowsUncleanElection && partition.Losses.Elections.Count > 0
        ? $"the leader of epoch {partition.Losses.LastEpoch} was not in the ISR"
        : null;
}
