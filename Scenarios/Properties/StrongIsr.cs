using System.Collections.Generic;
using System.Linq;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>
/// S1: whoever presumes to lead, every running member of the store's ISR holds the same records below that leader's high watermark.
/// Says nothing of replicas outside the ISR, nor of members that are down. Holds with flush.messages=1 or without power loss.
/// </summary>
public sealed class StrongIsr(IReadOnlyList<PartitionObservation> partitions) : PartitionInvariant(partitions)
{
    /// <inheritdoc/>
    public override string Name => "S1-StrongIsr";

    /// <inheritdoc/>
    protected override string? FindViolation(PartitionObservation partition)
    {
        if (partition.Quorum is not { } quorum || partition.Losses.Pending is not null) return null;
        foreach (var leader in partition.Replicas)
        {
            if (leader is not { IsRunning: true, PresumesLeadership: true, IsDiverged: false }) continue;
            foreach (var lacking in partition.Replicas)
            {
                if (!lacking.IsRunning || lacking.Log.Matched >= leader.HighWatermark || !quorum.Isr.Contains(lacking.BrokerId)) continue;
                return $"broker {leader.BrokerId} shows {leader.HighWatermark} records as committed, but ISR member {lacking.BrokerId} agrees only up to {lacking.Log.Matched}";
            }
        }

        return null;
    }
}
