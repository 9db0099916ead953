using System;
using System.Collections.Generic;
using System.Linq;
using Scenarios.Cluster;
using Scenarios.Observation;
using Simulator.Engine;
using Simulator.Engine.Faults;

namespace Scenarios.Running;

/// <summary>
/// The moments at which a replicated log is most vulnerable, read from what the store says: an election (who has not heard of it
/// yet follows a leader of the past), a replica that has just come back into the ISR (it counts for the high watermark, and the
/// leader may be the only other who has the records) or has left it (nobody counts on what it has any more), a lost registration, a topic that comes or goes, another controller (it is
/// about to write). The nemesis is told of each with the machines that would hurt most.
/// </summary>
internal sealed class Moments(ClusterObservation cluster, IReadOnlyList<BrokerMachine> brokers, Nemesis nemesis)
{
    /// <summary>A partition has another leader than before; struck are those who have to hear of it.</summary>
    public const string Election = "election";

    /// <summary>A partition has another leader than before; struck is that leader.</summary>
    public const string NewLeader = "new-leader";

    /// <summary>The leader has written another ISR, and the answer is on its way; struck is the leader.</summary>
    public const string IsrChange = "isr-change";

    /// <summary>Only the leader is left in the ISR; struck is the leader.</summary>
    public const string LastInSync = "last-in-sync";

    /// <summary>A replica has joined the ISR; struck is the leader.</summary>
    public const string IsrExpansion = "isr-expansion";

    /// <summary>A replica has left the ISR; struck is its machine.</summary>
    public const string LeftIsr = "left-isr";

    /// <summary>A broker's registration has gone; struck is the controller.</summary>
    public const string BrokerLoss = "broker-loss";

    /// <summary>A topic has come, is to be deleted or is gone; struck is the controller.</summary>
    public const string TopicChange = "topic-change";

    /// <summary>There is another controller epoch; struck is who believes to be the controller.</summary>
    public const string ControllerChange = "controller-change";

    /// <summary>A step of a partition's move has been written down; struck is who believes to be the controller.</summary>
    public const string MoveStep = "move-step";

    /// <summary>A partition begins to move; struck are the brokers that it moves to.</summary>
    public const string MoveTarget = "move-target";

    /// <summary>A broker has stopped in order; struck is its machine, which is down.</summary>
    public const string OrderlyStop = "orderly-stop";

    private readonly Dictionary<string, QuorumState> _before = [];
    private readonly HashSet<int> _stopped = [];
    private IReadOnlyDictionary<string, TopicAssignment> _assignments = new SortedDictionary<string, TopicAssignment>(StringComparer.Ordinal);
    private int _registered;
    private int _controllerEpoch;
    private (int Topics, int Deletions) _topics;

    /// <summary>Looks whether a moment has come since the last look.</summary>
    public void Look()
    {
        if (cluster.RegisteredBrokers < _registered) nemesis.Notice(BrokerLoss, Where(b => b.IsController));
        _registered = cluster.RegisteredBrokers;
        if (cluster.ControllerEpoch > _controllerEpoch) nemesis.Notice(ControllerChange, Where(b => b.IsController));
        _controllerEpoch = cluster.ControllerEpoch;
        var topics = (cluster.Topics.Count, cluster.Deletions.Count);
        if (topics != _topics) nemesis.Notice(TopicChange, Where(b => b.IsController));
        _topics = topics;
        LookAtMoves();
        foreach (var broker in brokers)
        {
            if (!broker.HasStopped) _stopped.Remove(broker.Id);
            else if (_stopped.Add(broker.Id)) nemesis.Notice(OrderlyStop, [broker.Machine]);
        }

        foreach (var partition in cluster.Partitions)
        {
            if (partition.Quorum is not { } now || _before.GetValueOrDefault(partition.Name) is var before && before == now) continue;
            _before[partition.Name] = now;
            if (before is null) continue;
            var left = before.Isr.Except(now.Isr).ToList();
            if (left.Count > 0) nemesis.Notice(LeftIsr, Where(b => left.Contains(b.Id)));
            if (now.Leader < 0) continue;
            if (now.Leader != before.Leader)
            {
                nemesis.Notice(Election, Where(b => b.Id != now.Leader));
                nemesis.Notice(NewLeader, Where(b => b.Id == now.Leader));
                continue;
            }

            if (now.LeaderEpoch == before.LeaderEpoch) nemesis.Notice(IsrChange, Where(b => b.Id == now.Leader));
            if (now.Isr.Count == 1 && before.Isr.Count > 1) nemesis.Notice(LastInSync, Where(b => b.Id == now.Leader));
            if (now.Isr.Count > before.Isr.Count) nemesis.Notice(IsrExpansion, Where(b => b.Id == now.Leader));
        }
    }

    private void LookAtMoves()
    {
        if (ReferenceEquals(_assignments, cluster.Assignments)) return;
        foreach (var (topic, now) in cluster.Assignments)
        {
            if (!_assignments.TryGetValue(topic, out var before) || ReferenceEquals(before, now)) continue;
            nemesis.Notice(MoveStep, Where(b => b.IsController));
            var adding = now.Partitions.Where(p => !before.Partitions.TryGetValue(p.Key, out var old) || !old.Adding.SequenceEqual(p.Value.Adding)).SelectMany(p => p.Value.Adding).ToHashSet();
            if (adding.Count > 0) nemesis.Notice(MoveTarget, Where(b => adding.Contains(b.Id)));
        }

        _assignments = cluster.Assignments;
    }

    private List<SimMachine> Where(Func<BrokerMachine, bool> condition) => brokers.Where(condition).Select(b => b.Machine).ToList();
}
