using System.Collections.Generic;
using System.Linq;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>
/// S6: the maximal ISR of a leader in the store's epoch, over which it computes its high watermark, contains the store's ISR: it
/// waits for everyone who could be elected. Says nothing of leaders of older epochs, who do not know yet.
/// </summary>
public sealed class QuorumSuperset(IReadOnlyList<PartitionObservation> partitions) : PartitionInvariant(partitions)
{
    /// <inheritdoc/>
    public override string Name => "S6-QuorumSuperset";

    /// <inheritdoc/>
    protected override string? FindViolation(PartitionObservation partition)
    {
        foreach (var leader in partition.Replicas.Where(partition.IsLegitimateLeader))
        {
            var unknown = partition.Quorum!.Isr.Except(leader.MaximalIsr).ToList();
            if (unknown.Count > 0) return $"leader {leader.BrokerId} waits for [{string.Join(",", leader.MaximalIsr)}] only, but the ISR in the store has [{string.Join(",", unknown)}] too";
        }

        return null;
    }
}
