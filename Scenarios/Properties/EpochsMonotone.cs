using System.Collections.Generic;
using Scenarios.Observation;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>
/// S8: controller epoch and leader epochs never fall in the store, a partition's znode is never written by a controller older than
/// one that wrote it before, no leader is elected by a controller older than the store's, and a running broker's leader epoch never falls;
/// a broker's registration epoch never falls, and no two processes hold the same one, or reign under the same controller epoch. Producer
/// and coordinator epochs and group generations follow with their systems.
/// </summary>
public sealed class EpochsMonotone(ClusterObservation cluster) : Invariant
{
    private readonly Dictionary<string, (int Leader, int Controller)> _partitions = [];
    private readonly Dictionary<ReplicaObservation, (int Incarnation, int Epoch)> _replicas = [];
    private readonly Dictionary<int, long> _registrations = [];
    private readonly Holders<long> _registered = new("broker epoch");
    private readonly Holders<int> _reigning = new("controller epoch");
    private int _controllerEpoch;

    /// <inheritdoc/>
    public override string Name => "S8-EpochsMonotone";

    /// <inheritdoc/>
    public override string? FindViolation()
    {
        if (cluster.ControllerEpoch < _controllerEpoch) return $"the controller epoch in the store fell from {_controllerEpoch} to {cluster.ControllerEpoch}";
        foreach (var partition in cluster.Partitions)
        {
            if (partition.HasChanged && FindViolationIn(partition) is { } violation) return $"{violation}. {partition.Describe()}";
        }

        foreach (var broker in cluster.Brokers)
        {
            if (FindViolationOf(broker) is { } violation) return violation;
        }

        _controllerEpoch = cluster.ControllerEpoch; // last: what was written since the last look is judged by the epoch that stood then

        return null;
    }

    private string? FindViolationOf(IObservedBroker broker)
    {
        if (broker.ReignEpoch is { } reign && _reigning.Take(reign, broker) is { } shared) return shared;
        if (broker.BrokerEpoch is not { } epoch) return null;
        var before = _registrations.GetValueOrDefault(broker.Id, long.MinValue);
        if (epoch == before) return null;
        _registrations[broker.Id] = epoch;
        return epoch < before ? $"the broker epoch of broker {broker.Id} fell from {before} to {epoch}" : _registered.Take(epoch, broker);
    }

    private string? FindViolationIn(PartitionObservation partition)
    {
        if (partition.Quorum is { } quorum)
        {
            var (leader, controller) = _partitions.GetValueOrDefault(partition.Name, (-1, -1));
            if (quorum.LeaderEpoch < leader) return $"the leader epoch in the store fell from {leader} to {quorum.LeaderEpoch}";
            if (quorum.ControllerEpoch < controller) return $"a controller of epoch {quorum.ControllerEpoch} wrote the partition's state after one of epoch {controller}";
            if (quorum.LeaderEpoch > leader && quorum.ControllerEpoch < _controllerEpoch)
                return $"a controller of epoch {quorum.ControllerEpoch} elected a leader after the controller of epoch {_controllerEpoch} had been elected";
            _partitions[partition.Name] = (quorum.LeaderEpoch, quorum.ControllerEpoch);
        }

        foreach (var replica in partition.Replicas)
        {
            if (!replica.IsRunning) continue;
            if (_replicas.TryGetValue(replica, out var before) && replica.Incarnation == before.Incarnation && replica.LeaderEpoch < before.Epoch) return $"the leader epoch on broker {replica.BrokerId} fell from {before.Epoch} to {replica.LeaderEpoch}";
            _replicas[replica] = (replica.Incarnation, replica.LeaderEpoch);
        }

        return null;
    }
}
