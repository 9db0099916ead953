using System;
using System.Collections.Generic;
using Reference.Coordination;
using Simulator.Platform;

namespace Reference.Broker.Znodes;

/// <content>What tools and brokers ask of the controller through znodes.</content>
public sealed partial class KafkaZnodes
{
    /// <summary>The wishes for reassignments; null if there are none. Watches for their coming and change.</summary>
    /// <exception cref="MalformedZnodeException">They cannot be read.</exception>
    public async LoopTask<IReadOnlyList<ReassignmentWish>?> Reassignments(Action<WatchEvent>? watch = null) =>
        await Watched(KafkaPaths.ReassignPartitions, watch) is { } data ? ReassignPartitionsZnode.Decode(data) : null;

    /// <summary>Asks for reassignments as tools did before KIP-455; false if earlier wishes are not done yet.</summary>
    public LoopTask<bool> RequestReassignments(IReadOnlyList<ReassignmentWish> wishes) =>
        CreateOnce(KafkaPaths.ReassignPartitions, ReassignPartitionsZnode.Encode(wishes));

    /// <summary>The partitions whose preferred leaders are to be elected; null if there is no such wish. Watches for the next wish.</summary>
    /// <exception cref="MalformedZnodeException">They cannot be read.</exception>
    public async LoopTask<IReadOnlyList<TopicPartition>?> PreferredElections(Action<WatchEvent>? watch = null) =>
        await Watched(KafkaPaths.PreferredReplicaElection, watch) is { } data ? PartitionListZnode.Decode(KafkaPaths.PreferredReplicaElection, data) : null;

    /// <summary>Asks for the election of preferred leaders as tools did before KIP-183; false if an earlier wish is not done yet.</summary>
    public LoopTask<bool> RequestPreferredElections(IReadOnlyList<TopicPartition> partitions) =>
        CreateOnce(KafkaPaths.PreferredReplicaElection, PartitionListZnode.Encode(partitions));

    /// <summary>Tells the controller that a log directory of a broker has failed.</summary>
    public async LoopTask PropagateLogDirEvent(int brokerId)
    {
        // A lost reply may leave two notifications: harmless, the controller asks the broker twice.
        var result = await Session.Write(
            [CoordinationOp.Create(KafkaPaths.LogDirEventPrefix, LogDirEventZnode.Encode(brokerId), CreateMode.PersistentSequential)]);
        result.ThrowUnlessOk("Propagating the failure of a log directory");
    }

    /// <summary>The paths of notifications of failed log directories, in their order; watches for the next.</summary>
    public LoopTask<IReadOnlyList<string>> LogDirEvents(Action<WatchEvent>? watch = null) =>
        SequentialChildren(KafkaPaths.LogDirEventNotification, watch);

    /// <summary>The broker that a notification names; null if it is gone.</summary>
    /// <exception cref="MalformedZnodeException">It cannot be read.</exception>
    public async LoopTask<int?> LogDirEvent(string path) =>
        await Session.TryGet(path) is { } found ? LogDirEventZnode.Decode(path, found.Data) : null;

    /// <summary>A znode's data or null; watched also while it is not there.</summary>
    private async LoopTask<byte[]?> Watched(string path, Action<WatchEvent>? watch)
    {
        await Session.Exists(path, watch);
        return await Session.TryGet(path) is { } found ? found.Data : null;
    }

    private async LoopTask<bool> CreateOnce(string path, byte[] data)
    {
        var result = await Session.Write([CoordinationOp.Create(path, data)]);
        if (result.Error == CoordinationError.NodeExists) return result.Doubtful && await Session.TryGet(path) is { } there && there.Data.AsSpan().SequenceEqual(data);
        result.ThrowUnlessOk($"Creating {path}");
        return true;
    }
}
