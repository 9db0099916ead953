using System.Collections.Generic;
using System.Linq;
using Scenarios.Cluster;
using Scenarios.Observation;
using Simulator.Engine;

namespace Scenarios.Running;

/// <summary>
/// The rare situations that runs must reach now and then, seen from outside after each change: what never happens is never tested.
/// Also the names of all points at which the reference implementation lets the environment do something rare.
/// </summary>
public sealed class Rarities
{
    /// <summary>The buggify points of the reference implementation.</summary>
    public static readonly IReadOnlyList<string> BuggifyPoints =
    [
        "checkpoint-late", "control-request-repeated", "fetch-answers-short", "fetch-session-evicted", "fetch-wakes-early", EarlyFlush,
        "log-read-yields", "log-roll-early", "peer-reconnects", "producer-sends-early", "purgatory-watches-late", "store-snapshot-early",
    ];

    private const string EarlyFlush = "log-flush-early";
    private const string IsrShrankToOne = "ISR shrank to one";
    private const string IsrGrewBack = "ISR grew back to all replicas";
    private const string SameLeader = "leader re-elected in a new epoch";
    private const string NoLeader = "partition without a leader";
    private const string StoppingLeader = "controlled shutdown moved a leader";
    private const string LeaderOfThePast = "leader of a past epoch still led";
    private const string FollowerTruncated = "follower truncated";
    private const string UncountedTail = "log was longer after a restart";
    private const string ControllerMoved = "controller moved";
    private const string MovedDuringElection = "controller moved while a partition had no leader";
    private const string ControllerOfThePast = "two brokers believed to be the controller";
    private const string SessionExpired = "session of a running broker expired";
    private const string NoBroker = "no broker was registered";

    private readonly Sometimes _sometimes;
    private readonly ClusterObservation _cluster;
    private readonly IReadOnlyList<BrokerMachine> _brokers;
    private readonly Dictionary<string, (QuorumState State, int LastLeader)> _quorums = [];
    private readonly Dictionary<(string Partition, int Broker), (int Incarnation, long End)> _ends = [];
    private readonly HashSet<(string Situation, string Where)> _holding = [];
    private int _registered;
    private int _controllerEpoch;

    /// <summary>Declares all situations and points in the world of the brokers.</summary>
    /// <param name="world">The world.</param>
    /// <param name="cluster">What is seen of the cluster.</param>
    /// <param name="brokers">Its brokers.</param>
    /// <param name="flushesAlways">True if each append is flushed: then no flush comes early.</param>
    public Rarities(SimWorld world, ClusterObservation cluster, IReadOnlyList<BrokerMachine> brokers, bool flushesAlways)
    {
        _sometimes = world.Sometimes;
        _cluster = cluster;
        _brokers = brokers;
        string[] all =
        [
            IsrShrankToOne, IsrGrewBack, SameLeader, NoLeader, StoppingLeader, LeaderOfThePast, FollowerTruncated, UncountedTail, ControllerMoved,
            MovedDuringElection, ControllerOfThePast, SessionExpired, NoBroker,
        ];
        foreach (var situation in all) world.Sometimes.Declare(situation);
        foreach (var point in BuggifyPoints.Where(p => !(flushesAlways && p == EarlyFlush))) world.Buggify.Declare(point);
    }

    /// <summary>Looks whether a situation has come since the last look.</summary>
    public void Look()
    {
        LookAtController();
        foreach (var partition in _cluster.Partitions)
        {
            if (!partition.HasChanged) continue;
            LookAtQuorum(partition);
            foreach (var replica in partition.Replicas) LookAtEnd(partition.Name, replica);
            While(LeaderOfThePast, partition.Name, HasLeaderOfThePast(partition));
        }
    }

    private void LookAtController()
    {
        if (_cluster.ControllerEpoch > _controllerEpoch && _controllerEpoch > 0)
        {
            _sometimes.Reached(ControllerMoved);
            if (_cluster.Partitions.Any(p => p.Quorum is { Leader: < 0 })) _sometimes.Reached(MovedDuringElection);
        }

        _controllerEpoch = _cluster.ControllerEpoch;
        var controllers = 0;
        foreach (var broker in _brokers) controllers += broker.IsController ? 1 : 0;
        While(ControllerOfThePast, string.Empty, controllers > 1);
        var fell = _cluster.RegisteredBrokers < _registered;
        if (fell && _brokers.All(b => b.HasServed)) _sometimes.Reached(SessionExpired);
        if (fell && _cluster.RegisteredBrokers == 0) _sometimes.Reached(NoBroker);
        _registered = _cluster.RegisteredBrokers;
    }

    private void LookAtQuorum(PartitionObservation partition)
    {
        if (partition.Quorum is not { } now) return;
        if (!_quorums.TryGetValue(partition.Name, out var before)) before = (now, now.Leader);
        _quorums[partition.Name] = (now, now.Leader >= 0 ? now.Leader : before.LastLeader);
        if (ReferenceEquals(before.State, now)) return;
        if (now.Isr.Count == 1 && before.State.Isr.Count > 1) _sometimes.Reached(IsrShrankToOne);
        var replicas = AssignedReplicas(partition);
        if (now.Isr.Count == replicas && before.State.Isr.Count < replicas) _sometimes.Reached(IsrGrewBack);
        if (now.Leader < 0 && before.State.Leader >= 0) _sometimes.Reached(NoLeader);
        if (now.Leader >= 0 && now.Leader == before.LastLeader && now.LeaderEpoch > before.State.LeaderEpoch) _sometimes.Reached(SameLeader);
        if (now.Leader >= 0 && now.Leader != before.LastLeader && IsStopping(before.LastLeader)) _sometimes.Reached(StoppingLeader);
    }

    private int AssignedReplicas(PartitionObservation partition) =>
        _cluster.Assignments.TryGetValue(partition.Topic, out var topic) && topic.Partitions.TryGetValue(partition.Partition, out var assignment) ? assignment.Replicas.Count : _brokers.Count;

    private bool IsStopping(int broker) => _brokers.Any(b => b.Id == broker && b.IsStopping);

    private void LookAtEnd(string partition, ReplicaObservation replica)
    {
        var key = (partition, replica.BrokerId);
        if (!replica.IsRunning)
        {
            // Its process runs on without it: the replica has been taken away.
            if (_brokers.Any(b => b.Id == replica.BrokerId && b.Incarnation == replica.Incarnation)) _ends.Remove(key);
            return;
        }

        if (_ends.TryGetValue(key, out var before))
        {
            // A crash between a write and the moment at which it counts leaves a tail that recovery finds.
            if (before.Incarnation == replica.Incarnation && replica.LogEnd < before.End) _sometimes.Reached(FollowerTruncated);
            if (before.Incarnation != replica.Incarnation && replica.LogEnd > before.End) _sometimes.Reached(UncountedTail);
        }

        _ends[key] = (replica.Incarnation, replica.LogEnd);
    }

    private static bool HasLeaderOfThePast(PartitionObservation partition)
    {
        if (partition.Quorum is not { } quorum) return false;
        foreach (var replica in partition.Replicas)
        {
            if (replica.IsRunning && replica.PresumesLeadership && replica.LeaderEpoch < quorum.LeaderEpoch) return true;
        }

        return false;
    }

    // A state that lasts is reached once each time it begins.
    private void While(string situation, string where, bool holds)
    {
        if (!holds) _holding.Remove((situation, where));
        else if (_holding.Add((situation, where))) _sometimes.Reached(situation);
    }
}
