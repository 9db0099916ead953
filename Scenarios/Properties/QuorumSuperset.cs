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
        foreach (var leader in partition.Replicas)
        {
            if (!partition.IsLegitimateLeader(leader)) continue;
            var isr = partition.Quorum!.Isr;
            if (ContainsAll(leader.MaximalIsr, isr)) continue;
            return $"leader {leader.BrokerId} waits for [{string.Join(",", leader.MaximalIsr)}] only, but the ISR in the store has [{string.Join(",", isr.Except(leader.MaximalIsr))}] too";
        }

        return null;
    }

    private static bool ContainsAll(IReadOnlyList<int> set, IReadOnlyList<int> members)
    {
        for (var i = 0; i < members.Count; i++)
        {
            if (!set.Contains(members[i])) return false;
        }

        return true;
    }
}
