using System;
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
/// <param name="Assignments">The replicas of each topic.</param>
/// <param name="WishesMoves">True if /admin/reassign_partitions is there.</param>
/// <param name="Partitions">The states of the observed partitions; null where there is none yet.</param>
internal sealed record StoreReading(
    long Zxid,
    int ControllerEpoch,
    int RegisteredBrokers,
    IReadOnlyList<string> Topics,
    IReadOnlyList<string> Deletions,
    IReadOnlyDictionary<string, TopicAssignment> Assignments,
    bool WishesMoves,
    IReadOnlyList<QuorumState?> Partitions)
{
    /// <summary>Reads the tree.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="partitions">The observed partitions.</param>
    /// <param name="before">The assignments as they were read before: what has not changed is not decoded again.</param>
    public static StoreReading Of(ZnodeTree tree, ImmutableArray<PartitionObservation> partitions, IReadOnlyDictionary<string, TopicAssignment> before)
    {
        var topics = tree.ChildrenOf("/brokers/topics")?.Names ?? [];
        return new StoreReading(
            tree.LastZxid,
            tree.DataOf("/controller_epoch") is { } epoch ? int.Parse(epoch.Data, CultureInfo.InvariantCulture) : 0,
            tree.ChildrenOf("/brokers/ids")?.Names.Count ?? 0,
            topics,
            tree.ChildrenOf("/admin/delete_topics")?.Names ?? [],
            AssignmentsOf(tree, topics, before),
            tree.StatOf("/admin/reassign_partitions") is not null,
            partitions.Select(p => StateOf(tree, p)).ToList());
    }

    private static QuorumState? StateOf(ZnodeTree tree, PartitionObservation partition)
    {
        var state = tree.DataOf($"/brokers/topics/{partition.Topic}/partitions/{partition.Partition}/state");
        if (state is not { } found) return null;
        return partition.Quorum is { } known && known.Version == found.Stat.Version ? known : QuorumState.Parse(found.Data, found.Stat.Version);
    }

    private static IReadOnlyDictionary<string, TopicAssignment> AssignmentsOf(ZnodeTree tree, IReadOnlyList<string> topics, IReadOnlyDictionary<string, TopicAssignment> before)
    {
        var assignments = new SortedDictionary<string, TopicAssignment>(StringComparer.Ordinal);
        var isNews = false;
        foreach (var topic in topics)
        {
            if (tree.DataOf($"/brokers/topics/{topic}") is not { Data.Length: > 0 } znode) continue;
            var isKnown = before.TryGetValue(topic, out var known) && known.Version == znode.Stat.Version;
            isNews |= !isKnown;
            assignments[topic] = isKnown ? known! : TopicAssignment.Parse(znode.Data, znode.Stat.Version);
        }

        return isNews || assignments.Count != before.Count ? assignments : before;
    }
}
