using System.Collections.Generic;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>S14: at most one replica ever leads a partition in one leader epoch.</summary>
public sealed class OneLeaderPerEpoch(IReadOnlyList<PartitionObservation> partitions) : PartitionInvariant(partitions)
{
    /// <inheritdoc/>
    public override string Name => "S14-OneLeaderPerEpoch";

    /// <inheritdoc/>
    protected override string? FindViolation(PartitionObservation partition)
    {
        foreach (var leader in partition.Replicas)
        {
            if (leader is not { IsRunning: true, PresumesLeadership: true }) continue;
            if (!partition.LeaderOfEpoch.TryAdd(leader.LeaderEpoch, leader.BrokerId) && partition.LeaderOfEpoch[leader.LeaderEpoch] is var first && first != leader.BrokerId)
            {
                return $"brokers {first} and {leader.BrokerId} both lead in epoch {leader.LeaderEpoch}";
            }
        }

        return null;
    }
}
