using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Znodes;
using Reference.Wire.Messages;

namespace Reference.Broker.Controller;

/// <summary>
/// Collects what one event has to tell the brokers, so that each gets at most one LeaderAndIsr, one UpdateMetadata and one
/// StopReplica, in that order.
/// </summary>
internal sealed class ControlRequestBatch(ControllerContext context, int controllerId, int controllerEpoch, string listener)
{
    private readonly SortedDictionary<int, SortedDictionary<TopicPartition, bool>> _leaderAndIsr = [];
    private readonly SortedDictionary<int, SortedDictionary<TopicPartition, bool>> _stopReplica = [];
    private readonly SortedSet<int> _updateMetadataBrokers = [];
    private readonly SortedSet<TopicPartition> _updateMetadataPartitions = [];
    private bool _isFullUpdate;

    /// <summary>
    /// Tells replicas about their partition, and all brokers about its leader. Replicas that are being created are told that they are new,
    /// whatever the occasion: else a broker of which a log directory has failed would look for them there.
    /// </summary>
    public void AddLeaderAndIsr(IEnumerable<int> brokers, TopicPartition partition, bool isNew)
    {
        foreach (var broker in brokers.Where(context.Brokers.ContainsKey))
        {
            var states = Of(_leaderAndIsr, broker);
            var isCreated = isNew || context.Replica(new PartitionReplica(partition, broker)).State == ReplicaState.New;
            states[partition] = isCreated || (states.TryGetValue(partition, out var before) && before);
        }

        AddUpdateMetadata(context.Brokers.Keys, [partition]);
    }

    /// <summary>Tells a broker to stop a replica, and perhaps to delete it.</summary>
    public void AddStopReplica(int broker, TopicPartition partition, bool delete)
    {
        if (!context.Brokers.ContainsKey(broker)) return;
        var partitions = Of(_stopReplica, broker);
        partitions[partition] = delete || (partitions.TryGetValue(partition, out var before) && before);
    }

    /// <summary>Tells brokers who is alive and who leads partitions.</summary>
    public void AddUpdateMetadata(IEnumerable<int> brokers, IEnumerable<TopicPartition> partitions)
    {
        _updateMetadataBrokers.UnionWith(brokers.Where(context.Brokers.ContainsKey));
        _updateMetadataPartitions.UnionWith(partitions);
    }

    /// <summary>
    /// Tells brokers who is alive and of all partitions, and that these are all: what a broker knows beyond them has been deleted without
    /// its learning of it, because the controller or its connection was lost. Must be the first that a broker's channel sends.
    /// </summary>
    public void AddFullUpdateMetadata(IEnumerable<int> brokers)
    {
        AddUpdateMetadata(brokers, context.Leadership.Keys);
        _isFullUpdate = true;
    }

    /// <summary>Hands the requests to the brokers' queues.</summary>
    public void Send(ControllerChannelManager channels)
    {
        foreach (var (broker, partitions) in _leaderAndIsr) channels.Send(broker, LeaderAndIsr(broker, partitions));
        foreach (var broker in _updateMetadataBrokers) channels.Send(broker, UpdateMetadata(broker));
        foreach (var (broker, partitions) in _stopReplica) channels.Send(broker, StopReplica(broker, partitions));
    }

    private static SortedDictionary<TopicPartition, bool> Of(SortedDictionary<int, SortedDictionary<TopicPartition, bool>> all, int broker)
    {
        if (!all.TryGetValue(broker, out var found)) all.Add(broker, found = []);
        return found;
    }

    private LeaderAndIsrRequest LeaderAndIsr(int broker, SortedDictionary<TopicPartition, bool> partitions)
    {
        var known = partitions.Where(p => context.Leadership.ContainsKey(p.Key)).ToList();
        var leaders = new SortedSet<int>(known.Select(p => context.Leadership[p.Key].Leader));
        return new LeaderAndIsrRequest
        {
            ControllerId = controllerId,
            ControllerEpoch = controllerEpoch,
            BrokerEpoch = context.Brokers[broker].Epoch,
            TopicStates = [.. known.GroupBy(p => p.Key.Topic).Select(topic => new LeaderAndIsrRequest.LeaderAndIsrTopicState
            {
                TopicName = topic.Key,
                PartitionStates = [.. topic.Select(p => LeaderAndIsrState(p.Key, p.Value))],
            })],
            LiveLeaders = [.. leaders.Where(context.Brokers.ContainsKey).Select(LiveLeader).OfType<LeaderAndIsrRequest.LeaderAndIsrLiveLeader>()],
        };
    }

    private LeaderAndIsrRequest.LeaderAndIsrPartitionState LeaderAndIsrState(TopicPartition partition, bool isNew)
    {
        var state = context.Leadership[partition];
        var assignment = context.AssignmentOf(partition);
        return new LeaderAndIsrRequest.LeaderAndIsrPartitionState
        {
            PartitionIndex = partition.Partition,
            ControllerEpoch = state.ControllerEpoch,
            Leader = state.Leader,
            LeaderEpoch = state.LeaderEpoch,
            Isr = [.. state.Isr],
            ZkVersion = state.ZkVersion,
            Replicas = [.. assignment.Replicas],
            AddingReplicas = [.. assignment.Adding],
            RemovingReplicas = [.. assignment.Removing],
            IsNew = isNew,
            IsrEpochs = state.IsrEpochs.Count == 0 ? [] : [.. state.Isr.Select(state.EpochOf)],
        };
    }

    private LeaderAndIsrRequest.LeaderAndIsrLiveLeader? LiveLeader(int id) => context.Brokers[id].Info.EndpointOf(listener) is { } endpoint
        ? new LeaderAndIsrRequest.LeaderAndIsrLiveLeader { BrokerId = id, HostName = endpoint.Host, Port = endpoint.Port }
        : null;

    private UpdateMetadataRequest UpdateMetadata(int broker) => new()
    {
        ControllerId = controllerId,
        ControllerEpoch = controllerEpoch,
        BrokerEpoch = context.Brokers[broker].Epoch,
        Type = _isFullUpdate ? UpdateMetadataRequest.FullUpdate : (sbyte)0,
        TopicStates = [.. _updateMetadataPartitions.Where(context.Leadership.ContainsKey).GroupBy(p => p.Topic).Select(topic => new UpdateMetadataRequest.UpdateMetadataTopicState
        {
            TopicName = topic.Key,
            PartitionStates = [.. topic.Select(UpdateMetadataState)],
        })],
        LiveBrokers = [.. context.Brokers.Values.Select(LiveBroker)],
    };

    private UpdateMetadataRequest.UpdateMetadataPartitionState UpdateMetadataState(TopicPartition partition)
    {
        var state = context.Leadership[partition];
        var online = context.OnlineReplicas(partition, includeShuttingDown: true);
        var deleting = context.Deletions.IsQueued(partition.Topic);
        return new UpdateMetadataRequest.UpdateMetadataPartitionState
        {
            PartitionIndex = partition.Partition,
            ControllerEpoch = state.ControllerEpoch,
            Leader = deleting ? PartitionStateZnode.LeaderDuringDelete : state.Leader,
            LeaderEpoch = state.LeaderEpoch,
            Isr = [.. state.Isr],
            ZkVersion = state.ZkVersion,
            Replicas = [.. context.ReplicasOf(partition)],
            OfflineReplicas = [.. context.ReplicasOf(partition).Where(r => !online.Contains(r))],
        };
    }

    private static UpdateMetadataRequest.UpdateMetadataBroker LiveBroker(RegisteredBroker broker) => new()
    {
        Id = broker.Id,
        Rack = broker.Info.Rack,
        Endpoints = [.. broker.Info.Endpoints.Select(e => new UpdateMetadataRequest.UpdateMetadataEndpoint
        {
            Host = e.Host,
            Port = e.Port,
            Listener = e.Listener,
            SecurityProtocol = SecurityProtocolId(e.SecurityProtocol),
        })],
    };

    private static short SecurityProtocolId(string name) => name switch
    {
        "SSL" => 1,
        "SASL_PLAINTEXT" => 2,
        "SASL_SSL" => 3,
        _ => 0,
    };

    private StopReplicaRequest StopReplica(int broker, SortedDictionary<TopicPartition, bool> partitions) => new()
    {
        ControllerId = controllerId,
        ControllerEpoch = controllerEpoch,
        BrokerEpoch = context.Brokers[broker].Epoch,
        TopicStates = [.. partitions.GroupBy(p => p.Key.Topic).Select(topic => new StopReplicaRequest.StopReplicaTopicState
        {
            TopicName = topic.Key,
            PartitionStates = [.. topic.Select(p => new StopReplicaRequest.StopReplicaPartitionState
            {
                PartitionIndex = p.Key.Partition,
                LeaderEpoch = StopEpoch(p.Key),
                DeletePartition = p.Value,
            })],
        })],
    };

    /// <summary>The epoch that fences an order to stop (KIP-570). The deletion of a topic makes no new epoch, and fences nothing.</summary>
    private int StopEpoch(TopicPartition partition) =>
        context.Deletions.IsQueued(partition.Topic) ? PartitionStateZnode.EpochDuringDelete
        : context.Leadership.TryGetValue(partition, out var state) ? state.LeaderEpoch
        : PartitionStateZnode.NoEpoch;
}
