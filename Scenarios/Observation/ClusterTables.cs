using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Scenarios.History;
using Simulator.Engine.Inspection;

namespace Scenarios.Observation;

/// <summary>The state of a cluster and its clients as tables.</summary>
internal static class ClusterTables
{
    private const string None = "-";

    public static IReadOnlyList<StateTable> Of(ClusterObservation cluster, ClientHistory history) =>
        [Brokers(cluster), Partitions(cluster), Replicas(cluster), InFlight(history)];

    private static StateTable Brokers(ClusterObservation cluster) => new(
        "brokers",
        ["broker", "machine", "process", "controller"],
        [.. cluster.Brokers.Select(b => (IReadOnlyList<string>)[Text(b.Id), b.Machine.Name, b.Incarnation == 0 ? "none" : Text(b.Incarnation), b.IsController ? "yes" : "no"])]);

    private static StateTable Partitions(ClusterObservation cluster) => new(
        "partitions in the store",
        ["partition", "leader", "epoch", "ISR", "controller epoch", "version", "true HW", "acknowledged end"],
        [.. cluster.Partitions.Select(p => (IReadOnlyList<string>)
        [
            p.Name,
            p.Quorum is { } q ? Text(q.Leader) : None,
            p.Quorum is { } e ? Text(e.LeaderEpoch) : None,
            p.Quorum is { } i ? List(i.Isr) : None,
            p.Quorum is { } c ? Text(c.ControllerEpoch) : None,
            p.Quorum is { } v ? Text(v.Version) : None,
            Text(p.TrueHighWatermark),
            Text(p.AcknowledgedEnd),
        ])]);

    private static StateTable Replicas(ClusterObservation cluster) => new(
        "replicas",
        ["partition", "broker", "runs", "role", "epoch", "ISR", "HW", "LEO", "start", "recovery point", "agrees up to"],
        [.. from p in cluster.Partitions
            from r in p.Replicas
            select (IReadOnlyList<string>)
            [
                p.Name,
                Text(r.BrokerId),
                r.IsRunning ? "yes" : "no",
                r.PresumesLeadership ? "leader" : "follower",
                Text(r.LeaderEpoch),
                List(r.MaximalIsr),
                Text(r.HighWatermark),
                Text(r.LogEnd),
                Text(r.LogStart),
                Text(r.RecoveryPoint),
                Text(r.Log.Matched),
            ]]);

    private static StateTable InFlight(ClientHistory history) => new(
        "operations in flight",
        ["client", "partition", "value", "acks"],
        [.. history.Sends.Where(s => s.Outcome == SendOutcome.Pending).Select(s => (IReadOnlyList<string>)[s.Producer, s.Partition, s.Value, s.AllReplicas ? "all" : "1"])]);

    private static string List(IReadOnlyList<int> ids) => $"[{string.Join(",", ids.Select(i => Text(i)))}]";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
