using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Broker.Storage;
using Reference.Coordination;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using PartitionState = Reference.Wire.Messages.LeaderAndIsrRequest.LeaderAndIsrPartitionState;

namespace Reference.Broker.Replication;

/// <content>The controller's orders. One at a time, in the order they arrive: they await disks, and must not overtake each other.</content>
public sealed partial class ReplicaManager
{
    /// <summary>Carries out LeaderAndIsr.</summary>
    public async LoopTask<LeaderAndIsrResponse> BecomeLeaderOrFollower(LeaderAndIsrRequest request)
    {
        await _orders.Acquire();
        try
        {
            if (!AcceptsController(request.ControllerEpoch)) return new LeaderAndIsrResponse { ErrorCode = ErrorCode.StaleControllerEpoch };
            var response = new LeaderAndIsrResponse();
            var leaders = new SortedDictionary<int, Endpoint>();
            foreach (var leader in request.LiveLeaders) leaders[leader.BrokerId] = new Endpoint(leader.HostName, leader.Port);
            foreach (var (id, state) in StatesOf(request))
            {
                response.PartitionErrors.Add(new LeaderAndIsrResponse.LeaderAndIsrPartitionError
                {
                    TopicName = id.Topic,
                    PartitionIndex = id.Partition,
                    ErrorCode = await Apply(id, state, leaders),
                });
            }

            return response;
        }
        finally
        {
            _orders.Release();
        }
    }

    /// <summary>Carries out StopReplica.</summary>
    public async LoopTask<StopReplicaResponse> StopReplicas(StopReplicaRequest request)
    {
        await _orders.Acquire();
        try
        {
            if (!AcceptsController(request.ControllerEpoch)) return new StopReplicaResponse { ErrorCode = ErrorCode.StaleControllerEpoch };
            var response = new StopReplicaResponse();
            foreach (var order in StopOrder.Of(request))
            {
                response.PartitionErrors.Add(new StopReplicaResponse.StopReplicaPartitionError
                {
                    TopicName = order.Partition.Topic,
                    PartitionIndex = order.Partition.Partition,
                    ErrorCode = await Stop(order),
                });
            }

            return response;
        }
        finally
        {
            _orders.Release();
        }
    }

    /// <summary>Notes the epoch of a controller that gives an order; false if a later one has been heard of.</summary>
    public bool AcceptsController(int controllerEpoch)
    {
        if (controllerEpoch < ControllerEpoch)
        {
            _context.Log.LogWarning("Refused an order of controller epoch {Epoch}; the latest is {Latest}", controllerEpoch, ControllerEpoch);
            return false;
        }

        ControllerEpoch = controllerEpoch;
        return true;
    }

    private async LoopTask<ErrorCode> Apply(TopicPartition id, PartitionState state, SortedDictionary<int, Endpoint> leaders)
    {
        if (_stopped.IsCompleted) return ErrorCode.BrokerNotAvailable;
        if (!state.Replicas.Contains(_context.BrokerId)) return ErrorCode.UnknownTopicOrPartition;
        try
        {
            var partition = await FindOrMake(id, state.IsNew);
            if (state.LeaderEpoch <= partition.LeaderEpoch) return ErrorCode.StaleControllerEpoch;
            if (state.Leader == _context.BrokerId) await MakeLeader(partition, state);
            else MakeFollower(partition, state, leaders);
            return partition.Role == ReplicaRole.Offline ? ErrorCode.KafkaStorageError : ErrorCode.None;
        }
        catch (ReplicaException e)
        {
            return e.Code;
        }
        catch (StorageException e)
        {
            _context.Log.LogError("{Partition}: an order of the controller failed: {Reason}", id, e.Message);
            if (e is LogDirFailureException && !_partitions.ContainsKey(id)) _offline.Add(id); // it has no replica here that could say so
            return ErrorCode.KafkaStorageError;
        }
    }

    private async LoopTask<Partition> FindOrMake(TopicPartition id, bool isNew)
    {
        if (_offline.Contains(id)) throw new ReplicaException(ErrorCode.KafkaStorageError, $"The log directory of {id} is offline.");
        if (_partitions.TryGetValue(id, out var existing)) return existing;
        if (TopicNames.Problem(id.Topic) is { } problem) throw new ReplicaException(ErrorCode.InvalidTopicException, problem);
        (_making, _changedMeanwhile) = (id.Topic, null);
        try
        {
            var config = await ReadStore(() => _configOf(id.Topic)); // before the log: it asks for the topic's options synchronously
            var log = await _logs.GetOrCreate(id, mayBeOffline: !isNew);
            if (_stopped.IsCompleted) throw Stopping();
            log.Directory.EnsureOnline(); // it may have failed meanwhile, and those who gave up its replicas did not know of this one
            config = _changedMeanwhile ?? config;
            log.Config = config.Log;
            return _partitions[id] = new Partition(id, _context, log, config);
        }
        finally
        {
            (_making, _changedMeanwhile) = (null, null);
        }
    }

    /// <summary>Reads from the store; given up when the broker stops, since the store may be gone and orders are waited for.</summary>
    private async LoopTask<T> ReadStore<T>(Func<LoopTask<T>> read)
    {
        if (_stopped.IsCompleted) throw Stopping();
        var answer = new LoopPromise<T>();
        _giveUpRead = () => answer.TrySetException(Stopping());
        _context.Node.Spawn(Read());
        return await answer.Task;

        async LoopTask Read()
        {
            try
            {
                answer.TrySetResult(await read());
            }
            catch (CoordinationException e)
            {
                answer.TrySetException(e);
            }
        }
    }

    private static ReplicaException Stopping() => new(ErrorCode.BrokerNotAvailable, "The broker is stopping.");

    private async LoopTask MakeLeader(Partition partition, PartitionState state)
    {
        _fetchers.Remove(partition.Id);
        await partition.Lead(state);
        WakeWaiting(partition.Id);
    }

    private void MakeFollower(Partition partition, PartitionState state, SortedDictionary<int, Endpoint> leaders)
    {
        _fetchers.Remove(partition.Id);
        partition.Follow(state);
        WakeWaiting(partition.Id);
        if (state.Leader < 0) return;
        _fetchers.Add(partition, state.Leader, leaders.TryGetValue(state.Leader, out var endpoint) ? endpoint : null);
    }

    private async LoopTask<ErrorCode> Stop(StopOrder order)
    {
        var id = order.Partition;
        if (_partitions.TryGetValue(id, out var partition))
        {
            if (order.LeaderEpoch >= 0 && order.LeaderEpoch < partition.LeaderEpoch) return ErrorCode.FencedLeaderEpoch;
            _fetchers.Remove(id);
            partition.Stop();
            WakeWaiting(id);
            _partitions.Remove(id);
        }

        if (_offline.Contains(id)) return ErrorCode.KafkaStorageError;
        if (!order.Delete) return ErrorCode.None;
        try
        {
            if (order.KeepsFiles) await SetAside(id);
            else await _logs.Delete(id);
            if (!_logs.HasTopic(id.Topic)) TopicGone?.Invoke(id.Topic);
            return ErrorCode.None;
        }
        catch (StorageException e)
        {
            _context.Log.LogError("{Partition}: deleting it failed: {Reason}", id, e.Message);
            return ErrorCode.KafkaStorageError;
        }
    }

    private static IEnumerable<(TopicPartition Id, PartitionState State)> StatesOf(LeaderAndIsrRequest request)
    {
        foreach (var state in request.UngroupedPartitionStates) yield return (new TopicPartition(state.TopicName, state.PartitionIndex), state);
        foreach (var topic in request.TopicStates)
        {
            foreach (var state in topic.PartitionStates) yield return (new TopicPartition(topic.TopicName, state.PartitionIndex), state);
        }
    }
}

/// <summary>One partition of a StopReplica, whatever the version it came in.</summary>
/// <param name="Partition">Which partition.</param>
/// <param name="LeaderEpoch">The leader epoch of the order; -1 (or -2 while the topic is deleted) fences nothing.</param>
/// <param name="Delete">Whether the log is deleted too.</param>
internal readonly record struct StopOrder(TopicPartition Partition, int LeaderEpoch, bool Delete)
{
    /// <summary>Whether the files of a log that is deleted stay, under another name: nobody has asked for their end.</summary>
    public bool KeepsFiles { get; init; }

    public static IEnumerable<StopOrder> Of(StopReplicaRequest request)
    {
        foreach (var partition in request.UngroupedPartitions)
            yield return new StopOrder(new TopicPartition(partition.TopicName, partition.PartitionIndex), -1, request.DeletePartitions);
        foreach (var topic in request.Topics)
        {
            foreach (var index in topic.PartitionIndexes) yield return new StopOrder(new TopicPartition(topic.Name, index), -1, request.DeletePartitions);
        }

        foreach (var topic in request.TopicStates)
        {
            foreach (var state in topic.PartitionStates)
                yield return new StopOrder(new TopicPartition(topic.TopicName, state.PartitionIndex), state.LeaderEpoch, state.DeletePartition);
        }
    }
}
