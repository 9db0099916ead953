using System.Collections.Generic;
using Scenarios.Observation;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>
/// S8: controller epoch and leader epochs never fall in the store, a partition's znode is never written by a controller older than
/// one that wrote it before, and a running broker's leader epoch never falls. Producer and coordinator epochs and group
/// generations follow with their systems.
/// </summary>
public sealed class EpochsMonotone(ClusterObservation cluster) : Invariant
{
    private readonly Dictionary<string, (int Leader, int Controller)> _partitions = [];
    private readonly Dictionary<(string Partition, int Broker, int Incarnation), int> _replicas = [];
    private int _controllerEpoch;

    /// <inheritdoc/>
    public override string Name => "S8-EpochsMonotone";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        if (cluster.ControllerEpoch < _controllerEpoch) return $"the controller epoch in the store fell from {_controllerEpoch} to {cluster.ControllerEpoch}";
        _controllerEpoch = cluster.ControllerEpoch;
        foreach (var partition in cluster.Partitions)
        {
            if (FindViolationIn(partition) is { } violation) return $"{violation}. {partition.Describe()}";
        }

        return null;
    }

    private string? FindViolationIn(PartitionObservation partition)
    {
        if (partition.Quorum is { } quorum)
        {
            var (leader, controller) = _partitions.GetValueOrDefault(partition.Name, (-1, -1));
            if (quorum.LeaderEpoch < leader) return $"the leader epoch in the store fell from {leader} to {quorum.LeaderEpoch}";
            if (quorum.ControllerEpoch < controller) return $"a controller of epoch {quorum.ControllerEpoch} wrote the partition's state after one of epoch {controller}";
            _partitions[partition.Name] = (quorum.LeaderEpoch, quorum.ControllerEpoch);
        }

        foreach (var replica in partition.Replicas)
        {
            if (!replica.IsRunning) continue;
            var key = (partition.Name, replica.BrokerId, cluster.IncarnationOf(replica.BrokerId));
            if (replica.LeaderEpoch < _replicas.GetValueOrDefault(key, -1)) return $"the leader epoch on broker {replica.BrokerId} fell from {_replicas[key]} to {replica.LeaderEpoch}";
            _replicas[key] = replica.LeaderEpoch;
        }

        return null;
    }
}
