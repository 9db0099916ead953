using System.Collections.Generic;
using Scenarios.Observation;

namespace Scenarios.Properties;

/// <summary>
/// S4: a running leader in the store's epoch holds everything below the true high watermark and everything acknowledged with
/// acks=all. Holds without unclean election, and with flush.messages=1 or without power loss.
/// </summary>
public sealed class LeaderCompleteness(IReadOnlyList<PartitionObservation> partitions) : PartitionInvariant(partitions)
{
    /// <inheritdoc/>
    public override string Name => "S4-LeaderCompleteness";

    /// <inheritdoc/>
    protected override string? FindViolation(PartitionObservation partition)
    {
        if (partition.Losses.Pending is not null) return null;
        foreach (var leader in partition.Replicas)
        {
            if (!partition.IsLegitimateLeader(leader)) continue;
            if (leader.LogEnd < partition.TrueHighWatermark) return $"leader {leader.BrokerId} ends at {leader.LogEnd}, below the true high watermark {partition.TrueHighWatermark}";
            if (leader.Log.Matched < partition.AcknowledgedEnd) return $"leader {leader.BrokerId} agrees with the committed log only up to {leader.Log.Matched}, but {partition.AcknowledgedEnd} records were acknowledged with acks=all";
        }

        return null;
    }
}
