using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Coordination;
using Simulator.Platform;

namespace Reference.Broker.Znodes;

/// <summary>How a compare-and-set of a partition's state ended.</summary>
/// <param name="Updated">True if the wished state stands in the store.</param>
/// <param name="ZkVersion">Its version then; else −1: read again before another attempt.</param>
public readonly record struct PartitionUpdate(bool Updated, int ZkVersion)
{
    /// <summary>What stands in the store, if that is not what was wished for; null if nothing does.</summary>
    public PartitionStateZnode? Standing { get; init; }

    /// <summary>True if what stands in the store can only be what was to be written: the first attempt had been carried out.</summary>
    public static bool WasWritten(PartitionStateZnode standing, PartitionStateZnode wished) =>
        standing.ZkVersion == wished.ZkVersion + 1 && standing.SaysTheSameAs(wished);
}

public sealed partial class KafkaZnodes
{
    // Of each the name, at most 249 characters, and some 40 of JSON: far below what the store takes in one request.
    private const int PartitionsPerNotification = 2000;

    /// <summary>A partition's state with its version, or null.</summary>
    /// <exception cref="MalformedZnodeException">It cannot be read.</exception>
    public async LoopTask<PartitionStateZnode?> PartitionState(TopicPartition partition) =>
        await Session.TryGet(KafkaPaths.PartitionState(partition)) is { } found
            ? PartitionStateZnode.Decode(partition, found.Data, found.Stat.Version)
            : null;

    /// <summary>A partition's state with the transaction that last set it, or null.</summary>
    /// <exception cref="MalformedZnodeException">It cannot be read.</exception>
    public async LoopTask<(PartitionStateZnode State, long Mzxid)?> DatedPartitionState(TopicPartition partition) =>
        await Session.TryGet(KafkaPaths.PartitionState(partition)) is { } found
            ? (PartitionStateZnode.Decode(partition, found.Data, found.Stat.Version), found.Stat.Mzxid)
            : null;

    /// <summary>
    /// A leader's change of the ISR: sets the state if the znode still has version <see cref="PartitionStateZnode.ZkVersion"/> of
    /// <paramref name="wished"/>. If the reply was lost and the retry finds another version, what stands there is compared with
    /// the wish, and equality means that the first attempt had been carried out (KAFKA-1382).
    /// </summary>
    public async LoopTask<PartitionUpdate> UpdatePartitionState(TopicPartition partition, PartitionStateZnode wished)
    {
        var result = await Session.Write([CoordinationOp.SetData(KafkaPaths.PartitionState(partition), wished.Encode(), wished.ZkVersion)]);
        return await JudgeUpdate(partition, wished, result, setOperation: 0);
    }

    /// <summary>Tells the controller that ISRs have changed; in several notifications where one would be larger than the store takes.</summary>
    public async LoopTask PropagateIsrChanges(IReadOnlyList<TopicPartition> partitions)
    {
        // A lost reply may leave two notifications: harmless, the controller reads the states again twice.
        foreach (var some in partitions.Chunk(PartitionsPerNotification))
        {
            var result = await Session.Write(
                [CoordinationOp.Create(KafkaPaths.IsrChangePrefix, PartitionListZnode.Encode(some), CreateMode.PersistentSequential)]);
            result.ThrowUnlessOk("Propagating ISR changes");
        }
    }

    /// <summary>The paths of ISR notifications, in their order; watches for the next.</summary>
    public LoopTask<IReadOnlyList<string>> IsrChanges(Action<WatchEvent>? watch = null) =>
        SequentialChildren(KafkaPaths.IsrChangeNotification, watch);

    /// <summary>The partitions an ISR notification names; null if it is gone.</summary>
    /// <exception cref="MalformedZnodeException">It cannot be read.</exception>
    public async LoopTask<IReadOnlyList<TopicPartition>?> IsrChange(string path) =>
        await Session.TryGet(path) is { } found ? PartitionListZnode.Decode(path, found.Data) : null;

    /// <summary>Tells whether a compare-and-set took effect, looking again where that is doubtful.</summary>
    internal async LoopTask<PartitionUpdate> JudgeUpdate(TopicPartition partition, PartitionStateZnode wished, WriteResult result, int setOperation)
    {
        if (result.Ok) return new PartitionUpdate(true, result.Results[setOperation].Stat!.Value.Version);
        if (result.Error is not (CoordinationError.BadVersion or CoordinationError.NoNode)) result.ThrowUnlessOk($"Updating the state of {partition}");
        var standing = await PartitionState(partition);
        return standing is not null && _decisions.WasWritten(standing, wished)
            ? new PartitionUpdate(true, standing.ZkVersion)
            : new PartitionUpdate(false, -1) { Standing = standing };
    }
}
