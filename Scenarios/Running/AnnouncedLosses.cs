using System.Collections.Generic;
using System.Linq;
using Scenarios.History;
using Scenarios.Observation;
using Simulator.Engine;

namespace Scenarios.Running;

/// <summary>Tells the history of the clients which of the records that they know were announced as lost by an unclean election.</summary>
internal sealed class AnnouncedLosses
{
    private const string Unclean = "unclean election";
    private const string Lossy = "unclean election lost acknowledged records";
    private const string Noticed = "consumer was told of a truncation";

    private readonly Sometimes _sometimes;
    private readonly ClientHistory _history;
    private readonly IReadOnlyDictionary<string, PartitionObservation> _partitions;
    private readonly Dictionary<string, (int Begun, int Settled)> _seen = [];
    private int _truncations;

    /// <summary>Declares the situations, and answers the history's questions from now on.</summary>
    public AnnouncedLosses(SimWorld world, ClusterObservation cluster, ClientHistory history)
    {
        _sometimes = world.Sometimes;
        _history = history;
        _partitions = cluster.Partitions.ToDictionary(p => p.Name);
        history.Losses = (partition, offset, value) => _partitions[partition].Losses.Covers(value, offset);
        history.LossesOfEpoch = (partition, offset, epoch) => _partitions[partition].Losses.Covers(epoch, offset);
        history.HadUncleanElection = partition => _partitions[partition].Losses.Elections.Count > 0;
        foreach (var situation in new[] { Unclean, Lossy, Noticed }) _sometimes.Declare(situation);
    }

    /// <summary>Looks whether an unclean election has begun or come into effect since the last look.</summary>
    public void Look()
    {
        for (; _truncations < _history.Truncations.Count; _truncations++) _sometimes.Reached(Noticed);
        foreach (var partition in _partitions.Values)
        {
            var elections = partition.Losses.Elections;
            var now = (Begun: elections.Count, Settled: partition.Losses.Pending is null ? elections.Count : elections.Count - 1);
            var before = _seen.GetValueOrDefault(partition.Name);
            if (now == before) continue;
            _seen[partition.Name] = now;
            for (var i = before.Begun; i < now.Begun; i++) _sometimes.Reached(Unclean);
            if (now.Settled > before.Settled && Mark(partition.Name)) _sometimes.Reached(Lossy);
        }
    }

    private bool Mark(string partition)
    {
        var any = false;
        foreach (var send in _history.Sends)
        {
            if (send.Partition != partition || !send.AllReplicas || send.Outcome != SendOutcome.Acknowledged) continue;
            var wasLost = send.IsAnnouncedLost;
            send.IsAnnouncedLost = _history.IsLost(send);
            any |= send.IsAnnouncedLost && !wasLost;
        }

        return any;
    }
}
