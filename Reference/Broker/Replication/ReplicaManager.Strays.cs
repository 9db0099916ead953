using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Coordination;
using Reference.Wire.Messages;
using Simulator.Platform;
using PartitionState = Reference.Wire.Messages.UpdateMetadataRequest.UpdateMetadataPartitionState;

namespace Reference.Broker.Replication;

/// <content>
/// Replicas that nobody wants any more. A move that ends while a broker is away, or a controller that dies before its order to delete
/// has arrived, leaves a log behind; Kafka 2.5 keeps such logs in their place, and should the partition come back, its old records with them.
/// </content>
public sealed partial class ReplicaManager
{
    private (int ControllerEpoch, long BrokerEpoch) _lastFullUpdate = (-1, -1);

    /// <summary>The topics in the store, by which it is made sure that one of which the controller does not speak is gone.</summary>
    public Func<LoopTask<IReadOnlyList<string>>>? TopicsInStore { get; init; }

    /// <summary>
    /// Sets aside the logs of partitions that, as the controller says, have no replica here, or whose topic is gone. Their files stay under
    /// another name: a store restored from an older copy must not take the records of what it has forgotten. It says so with the first update of its reign, or of this broker's registration, which names all partitions and precedes every order of that reign
    /// and registration. A copy of it that comes late says nothing: the partition may have been given to this broker meanwhile.
    /// </summary>
    public async LoopTask RemoveStrays(UpdateMetadataRequest update)
    {
        if (update.Type != UpdateMetadataRequest.FullUpdate) return;
        await _orders.Acquire();
        try
        {
            var reign = (update.ControllerEpoch, update.BrokerEpoch);
            if (update.ControllerEpoch < ControllerEpoch || reign.CompareTo(_lastFullUpdate) <= 0) return;
            _lastFullUpdate = reign;
            foreach (var stray in await FindStrays(update))
            {
                await Stop(new StopOrder(stray, -1, Delete: true) { KeepsFiles = true });
            }
        }
        finally
        {
            _orders.Release();
        }
    }

    private async LoopTask SetAside(TopicPartition id)
    {
        if (await _logs.SetAside(id) is { } path)
            _context.Log.LogError("{Partition} has no replica on this broker any more: its log is set aside as {Path}. Delete that once nobody misses it", id, path);
    }

    private async LoopTask<IReadOnlyList<TopicPartition>> FindStrays(UpdateMetadataRequest update)
    {
        var states = new Dictionary<TopicPartition, PartitionState>();
        foreach (var topic in update.TopicStates)
        {
            foreach (var state in topic.PartitionStates) states[new TopicPartition(topic.TopicName, state.PartitionIndex)] = state;
        }

        List<TopicPartition> strays = [], unnamed = [];
        foreach (var log in _logs.Logs)
        {
            if (!states.TryGetValue(log.Partition, out var state)) unnamed.Add(log.Partition);
            else if (!state.Replicas.Contains(_context.BrokerId)) strays.Add(log.Partition);
        }

        if (unnamed.Count > 0 && await ReadTopics() is { } topics) strays.AddRange(unnamed.FindAll(p => !topics.Contains(p.Topic)));
        return strays;
    }

    /// <summary>The controller leaves out what it cannot read: only what is not in the store either is gone. Null if the store does not say.</summary>
    private async LoopTask<HashSet<string>?> ReadTopics()
    {
        if (TopicsInStore is not { } read) return null;
        try
        {
            return new HashSet<string>(await ReadStore(read), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is CoordinationException or ReplicaException)
        {
            return null;
        }
    }
}
