using System.Collections.Generic;
using Scenarios.Observation;
using Simulator.Engine;

namespace Scenarios.Running;

/// <summary>The rare situation that runs with disks that are exchanged must reach: whoever lost everything has it all again.</summary>
internal sealed class WipeRarities
{
    /// <summary>A broker whose disk was exchanged for an empty one is in the ISR of a partition again.</summary>
    public const string CameBack = "broker with an empty disk came back into the ISR";

    private readonly Sometimes _sometimes;
    private readonly ClusterObservation _cluster;
    private readonly Dictionary<int, int> _wipes = [];
    private readonly HashSet<(int Broker, string Partition)> _away = [];

    /// <summary>Declares the situation in the world of the cluster.</summary>
    public WipeRarities(SimWorld world, ClusterObservation cluster)
    {
        _sometimes = world.Sometimes;
        _cluster = cluster;
        world.Sometimes.Declare(CameBack);
    }

    /// <summary>Looks whether it has come since the last look.</summary>
    public void Look()
    {
        foreach (var broker in _cluster.Brokers)
        {
            if (broker.Machine.Disk.Wipes == _wipes.GetValueOrDefault(broker.Id)) continue;
            _wipes[broker.Id] = broker.Machine.Disk.Wipes;
            foreach (var partition in _cluster.Partitions) _away.Add((broker.Id, partition.Name));
        }

        if (_away.Count == 0) return;
        foreach (var partition in _cluster.Partitions)
        {
            foreach (var member in partition.Quorum?.Isr ?? [])
            {
                if (_away.Remove((member, partition.Name))) _sometimes.Reached(CameBack);
            }
        }
    }
}
