using System.Linq;
using Scenarios.Observation;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>L4: after the heal there is one controller, and every broker's metadata names the leader and leader epoch of the store for each partition.</summary>
public sealed class MetadataConverges(ClusterObservation cluster) : Validation
{
    /// <inheritdoc/>
    public override string Name => "L4-MetadataConverges";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        var controllers = cluster.Brokers.Count(b => b.IsController);
        if (controllers != 1) return $"{controllers} brokers believe to be the controller";
        foreach (var broker in cluster.Brokers.Where(b => !b.IsFallen))
        {
            foreach (var partition in cluster.Partitions)
            {
                var known = broker.KnownLeader(partition.Topic, partition.Partition);
                if (partition.Quorum is { } quorum && known != (quorum.Leader, quorum.LeaderEpoch))
                {
                    return $"broker {broker.Id} believes that {partition.Name} is led by {known?.Leader.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nobody"} in epoch {known?.Epoch ?? -1}, but the store says: {quorum}";
                }
            }
        }

        return null;
    }
}
