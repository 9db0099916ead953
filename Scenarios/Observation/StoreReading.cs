using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Reference.Coordination.Tree;

namespace Scenarios.Observation;

/// <summary>What the store's tree said at one transaction.</summary>
/// <param name="Zxid">The transaction.</param>
/// <param name="ControllerEpoch">/controller_epoch; 0 before the first.</param>
/// <param name="RegisteredBrokers">Number of brokers under /brokers/ids.</param>
/// <param name="Topics">The topics under /brokers/topics.</param>
/// <param name="Deletions">Those that wait, under /admin/delete_topics.</param>
/// <param name="Partitions">The states of the observed partitions; null where there is none yet.</param>
internal sealed record StoreReading(long Zxid, int ControllerEpoch, int RegisteredBrokers, IReadOnlyList<string> Topics, IReadOnlyList<string> Deletions, IReadOnlyList<QuorumState?> Partitions)
{
    /// <summary>Reads the tree.</summary>
    public static StoreReading Of(ZnodeTree tree, ImmutableArray<PartitionObservation> partitions) => new(
        tree.LastZxid,
        tree.DataOf("/controller_epoch") is { } epoch ? int.Parse(epoch.Data, CultureInfo.InvariantCulture) : 0,
        tree.ChildrenOf("/brokers/ids")?.Names.Count ?? 0,
        tree.ChildrenOf("/brokers/topics")?.Names ?? [],
        tree.ChildrenOf("/admin/delete_topics")?.Names ?? [],
        partitions.Select(p => StateOf(tree, p)).ToList());

    private static QuorumState? StateOf(ZnodeTree tree, PartitionObservation partition)
    {
        var state = tree.DataOf($"/brokers/topics/{partition.Topic}/partitions/{partition.Partition}/state");
        if (state is not { } found) return null;
        return partition.Quorum is { } known && known.Version == found.Stat.Version ? known : QuorumState.Parse(found.Data, found.Stat.Version);
    }
}
