using System.Collections.Generic;
using System.Linq;
using Scenarios.Cluster;
using Scenarios.Observation;
using Simulator.Engine;
using Simulator.Engine.Timelines;
using Simulator.Platform;

namespace Scenarios.Timelines;

/// <summary>
/// What a timeline shows of a cluster: controller epoch and controllers; per partition the store's word (leader, leader epoch, ISR) and
/// each replica's own (role and epoch, ISR, HW, LEO).
/// </summary>
internal sealed class ClusterSeries
{
    private const string Controller = "controller";
    private readonly TimelineRecorder _timeline;
    private readonly ClusterObservation _cluster;
    private readonly Dictionary<int, string> _machines;

    private ClusterSeries(TimelineRecorder timeline, ClusterObservation cluster)
    {
        _timeline = timeline;
        _cluster = cluster;
        _machines = cluster.Brokers.ToDictionary(b => b.Id, b => b.Machine.Name);
    }

    /// <summary>The series of a cluster and the names of its messages; null while no timeline is recorded.</summary>
    public static ClusterSeries? For(SimWorld world, ClusterObservation cluster)
    {
        if (world.Timeline is not { } timeline) return null;
        timeline.Conversations = NamesFor;
        return new ClusterSeries(timeline, cluster);
    }

    /// <summary>Takes down what is different now.</summary>
    public void Update()
    {
        _timeline.Numbers(Controller, "controller epoch").Set(_cluster.ControllerEpoch);
        var controllers = _cluster.Brokers.Where(b => b.IsController).Select(b => b.Id).ToList();
        SetText(_timeline.Texts(Controller, "controller"), controllers.Count == 0 ? null : string.Join(", ", controllers));
        foreach (var partition in _cluster.Partitions) Update(partition);
    }

    private void Update(PartitionObservation partition)
    {
        SetText(_timeline.Texts(partition.Name, "leader"), partition.Quorum is { } q ? $"{(q.Leader < 0 ? "none" : q.Leader)} · epoch {q.LeaderEpoch}" : null);
        SetText(_timeline.Texts(partition.Name, "ISR"), partition.Quorum is { } known ? string.Join(", ", known.Isr) : null);
        foreach (var replica in partition.Replicas) Update(partition.Name, replica);
    }

    private void Update(string partition, ReplicaObservation replica)
    {
        var machine = _machines[replica.BrokerId];
        SetText(_timeline.Texts(partition, "role", machine), RoleOf(replica));
        SetNumber(_timeline.Numbers(partition, "HW", machine), replica, replica.HighWatermark);
        SetNumber(_timeline.Numbers(partition, "LEO", machine), replica, replica.LogEnd);
    }

    private static string? RoleOf(ReplicaObservation replica)
    {
        if (!replica.IsRunning) return null;
        if (!replica.PresumesLeadership) return $"follower · epoch {replica.LeaderEpoch}";
        return $"leader · epoch {replica.LeaderEpoch} · ISR {string.Join(", ", replica.MaximalIsr)}";
    }

    private static void SetText(TimelineSeries series, string? value)
    {
        if (value is null) series.Clear();
        else series.Set(value);
    }

    private static void SetNumber(TimelineSeries series, ReplicaObservation replica, long value)
    {
        if (replica.IsRunning) series.Set(value);
        else series.Clear();
    }

    private static ConversationLabels NamesFor(Endpoint dialler, Endpoint acceptor) =>
        acceptor.Port == CoordinationMachine.Port ? new StoreConversation() : new BrokerConversation();
}
