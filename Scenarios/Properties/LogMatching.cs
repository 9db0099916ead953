using System;
using System.Collections.Generic;
using System.Linq;
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
        var other = partition.Replicas.FirstOrDefault(r => r.IsRunning && r.Log.Matched < Math.Min(r.HighWatermark, r.Log.End));
        return other is null ? null : $"broker {other.BrokerId} holds another record at offset {other.Log.Matched} than the one that was committed there";
    }
}
