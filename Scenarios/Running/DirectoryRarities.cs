using System.Collections.Generic;
using System.Linq;
using Scenarios.Cluster;
using Scenarios.Observation;
using Simulator.Engine;

namespace Scenarios.Running;

/// <summary>The rare situations that runs whose brokers have two log directories must reach: one of them fails, and the other does not suffer.</summary>
internal sealed class DirectoryRarities
{
    /// <summary>A broker has lost one of two log directories and goes on serving from the other.</summary>
    public const string ServedOn = "broker served on after one of its log directories had failed";

    /// <summary>A leader whose log directory has failed was replaced while its broker runs.</summary>
    public const string LeaderMoved = "failure of one log directory moved a leader";

    private readonly Sometimes _sometimes;
    private readonly ClusterObservation _cluster;
    private readonly IReadOnlyList<BrokerMachine> _brokers;
    private readonly HashSet<int> _without = [];
    private readonly Dictionary<string, int> _leaders = [];

    /// <summary>Declares the situations in the world of the brokers.</summary>
    public DirectoryRarities(SimWorld world, ClusterObservation cluster, IReadOnlyList<BrokerMachine> brokers)
    {
        _sometimes = world.Sometimes;
        _cluster = cluster;
        _brokers = brokers;
        foreach (var situation in (string[])[ServedOn, LeaderMoved]) world.Sometimes.Declare(situation);
    }

    /// <summary>Looks whether one has come since the last look.</summary>
    public void Look()
    {
        foreach (var broker in _brokers)
        {
            if (!broker.HasLostDirectory) _without.Remove(broker.Id);
            else if (_without.Add(broker.Id)) _sometimes.Reached(ServedOn);
        }

        foreach (var partition in _cluster.Partitions)
        {
            if (partition.Quorum is not { Leader: >= 0 } quorum) continue;
            if (_leaders.TryGetValue(partition.Name, out var before) && before != quorum.Leader && HasLost(before, partition)) _sometimes.Reached(LeaderMoved);
            _leaders[partition.Name] = quorum.Leader;
        }
    }

    private bool HasLost(int broker, PartitionObservation partition) =>
        _brokers.Any(b => b.Id == broker && b.HasLostDirectory && b.Look(partition.Topic, partition.Partition) is null);
}
