using System.Collections.Generic;
using System.Collections.Immutable;
using Scenarios.Observation;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>An invariant that speaks of one partition at a time and of nothing else: looked at wherever something has changed.</summary>
public abstract class PartitionInvariant(IReadOnlyList<PartitionObservation> partitions) : Invariant
{
    private readonly ImmutableArray<PartitionObservation> _partitions = [.. partitions];

    /// <inheritdoc/>
    public sealed override string? FindViolation()
    {
        foreach (var partition in _partitions)
        {
            if (partition.HasChanged && FindViolation(partition) is { } violation) return $"{violation}. {partition.Describe()}";
        }

        return null;
    }

    /// <summary>Looks at one partition.</summary>
    protected abstract string? FindViolation(PartitionObservation partition);
}
