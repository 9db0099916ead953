using System.Collections.Generic;
using System.Linq;
using Scenarios.Observation;
using Simulator.Engine;

namespace Scenarios.Running;

/// <summary>
/// What a run promises to keep, told to the world's recoverability map. Of the coordination store there is one copy. Of a partition Kafka
/// promises to survive the loss of any replica that is not in sync, and of no other without further ado (a member of the ISR that comes
/// back empty is KIP-966's matter). So the copies of those stay who are in the store's ISR, who would be if a proposal that may still be
/// on its way to the store were taken, or whom the leader may propose for a fetch that they have sent: who has all up to the leader's
/// high watermark.
/// </summary>
public sealed class KeptCopies
{
    private readonly ClusterObservation _cluster;
    private readonly Dictionary<PartitionObservation, Proposals> _proposals = [];

    /// <summary>Protects everything in the world of the cluster.</summary>
    /// <param name="world">The world.</param>
    /// <param name="cluster">What is seen of the cluster.</param>
    /// <param name="store">The store's machine.</param>
    /// <param name="isSynced">Whether brokers sync what they append.</param>
    public KeptCopies(SimWorld world, ClusterObservation cluster, SimMachine store, bool isSynced)
    {
        _cluster = cluster;
        world.Recoverability.Protect("the coordination store", [store], copiesToKeep: 1);
        foreach (var partition in cluster.Partitions) world.Recoverability.Protect(partition.Name, () => HoldersOf(partition), int.MaxValue).IsSynced = isSynced;
    }

    /// <summary>Looks whether a leader has proposed another ISR. To be called after each change.</summary>
    public void Look()
    {
        foreach (var partition in _cluster.Partitions)
        {
            if (!partition.HasChanged || partition.Quorum is not { } quorum) continue;
            // A proposal is made for one version of the znode: it comes to nothing once there is another.
            if (!_proposals.TryGetValue(partition, out var proposals) || proposals.Version != quorum.Version) _proposals[partition] = proposals = new Proposals(quorum.Version, [.. quorum.Isr]);
            foreach (var leader in partition.Replicas)
            {
                if (partition.IsLegitimateLeader(leader)) proposals.Members.UnionWith(leader.MaximalIsr);
            }
        }
    }

    private List<SimMachine> HoldersOf(PartitionObservation partition)
    {
        var isJudged = _proposals.TryGetValue(partition, out var proposals) && partition.Quorum!.Version == proposals.Version;
        var leader = partition.Replicas.FirstOrDefault(partition.IsLegitimateLeader);
        if (!isJudged || leader is null) return [.. _cluster.Brokers.Select(b => b.Machine)];
        return [.. _cluster.Brokers.Where(b => proposals!.Members.Contains(b.Id) || partition.Replicas.Any(r => r.BrokerId == b.Id && r.LogEnd >= leader.HighWatermark)).Select(b => b.Machine)];
    }

    /// <summary>Who may be in the ISR soon.</summary>
    /// <param name="Version">Of the znode for which it was proposed.</param>
    /// <param name="Members">The ISR and all proposed members.</param>
    private sealed record Proposals(int Version, SortedSet<int> Members);
}
