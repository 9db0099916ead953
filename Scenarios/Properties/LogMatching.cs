using System;
using System.Collections.Generic;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>
/// S3: any two running replicas agree on every record below the lower of their high watermarks. Checked as something stronger: each
/// agrees, below its own high watermark, with what any replica ever showed as committed, so also with replicas that are gone.
/// </summary>
public sealed class LogMatching(IReadOnlyList<PartitionObservation> partitions) : PartitionInvariant(partitions)
{
    /// <inheritdoc/>
    public override string Name => "S3-LogMatching";

    /// <inheritdoc/>
    protected override string? FindViolation(PartitionObservation partition)
    {
        if (partition.Losses.Pending is not null) return null;
        foreach (var other in partition.Replicas)
        {
            if (!other.IsRunning || other.IsDiverged || other.Log.Matched >= Math.Min(other.HighWatermark, other.Log.End)) continue;
            return other.Log.At(other.Log.Matched).IsHeld
                ? $"broker {other.BrokerId} holds another record at offset {other.Log.Matched} than the one that was committed there"
                : $"broker {other.BrokerId} lacks the record that was committed at offset {other.Log.Matched}";
        }

        return null;
    }
}
