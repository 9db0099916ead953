using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>A partition's state that the controller wants to stand in its znode.</summary>
public readonly record struct WishedState(TopicPartition Partition, PartitionStateZnode State);

/// <summary>
/// All writes by which a controller decides: each is one multi that begins with the guard on /controller_epoch, so that it fails as a whole
/// once another controller has been elected, whatever this one believes. After every await it is asked whether the reign goes on.
/// </summary>
/// <remarks>
/// Not guarded, as in Kafka 2.5, are the two wishes that requests leave in the store: a new topic's assignment (<see cref="KafkaZnodes.CreateTopic"/>)
/// and the mark for a deletion (<see cref="KafkaZnodes.RequestTopicDeletion"/>). Anybody may write them, brokers that create a topic on its first
/// use and tools do too, and one who reigns no more does no harm by them: each creates znodes and changes no assignment, no state and no
/// leader that stands (a topic that exists makes its creation fail as a whole), and what follows of them is decided, with the guard, by whoever reigns.
/// </remarks>
public sealed class ControllerStore(KafkaZnodes znodes, ControllerTerm term, ControllerDecisions decisions, ILogger log)
{
    // A write of so many stays far below what the store takes in one request, however long the topic's name is.
    private const int DeletionsPerWrite = 500;

    private readonly HashSet<TopicPartition> _unreadable = [];

    /// <summary>True if a partition's state stood there when it was last read, but could not be read.</summary>
    public bool IsUnreadable(TopicPartition partition) => _unreadable.Contains(partition);

    /// <summary>A partition's state; null if there is none, or it cannot be read: then the partition is left alone, and the others go on.</summary>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public async LoopTask<PartitionStateZnode?> Read(TopicPartition partition)
    {
        try
        {
            var state = await znodes.PartitionState(partition);
            term.Ensure();
            _unreadable.Remove(partition);
            return state;
        }
        catch (MalformedZnodeException e)
        {
            log.LogError("Partition {Partition} is left alone: {Reason}", partition, e.Message);
            _unreadable.Add(partition);
            return null;
        }
    }

    /// <summary>The same with the transaction that last set the state.</summary>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public async LoopTask<(PartitionStateZnode State, long Mzxid)?> ReadDated(TopicPartition partition) => (await ReadAll([partition]))[0];

    /// <summary>
    /// The states of partitions with the transactions that last set them, all reads under way at once; null for those that have none,
    /// or one that cannot be read.
    /// </summary>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public async LoopTask<IReadOnlyList<(PartitionStateZnode State, long Mzxid)?>> ReadAll(IReadOnlyList<TopicPartition> partitions)
    {
        var reads = new List<LoopTask<(PartitionStateZnode State, long Mzxid)?>>(partitions.Count);
        foreach (var partition in partitions) reads.Add(znodes.DatedPartitionState(partition));
        var result = new List<(PartitionStateZnode State, long Mzxid)?>(partitions.Count);
        for (var i = 0; i < partitions.Count; i++)
        {
            try
            {
                result.Add(await reads[i]);
                _unreadable.Remove(partitions[i]);
            }
            catch (MalformedZnodeException e)
            {
                log.LogError("Partition {Partition} is left alone: {Reason}", partitions[i], e.Message);
                _unreadable.Add(partitions[i]);
                result.Add(null);
            }
        }

        term.Ensure();
        return result;
    }

    /// <summary>
    /// Sets states that have a znode, all under way at once. The result has one entry per wish: the state with its new version,
    /// or null where another version stands there: read again.
    /// </summary>
    /// <exception cref="ControllerMovedException">Another controller has been elected.</exception>
    public async LoopTask<IReadOnlyList<PartitionStateZnode?>> Update(IReadOnlyList<WishedState> wishes)
    {
        var guard = Guard();
        var writes = new List<LoopTask<WriteResult>>(wishes.Count);
        foreach (var (partition, state) in wishes)
        {
            writes.Add(znodes.Session.Write([.. guard, CoordinationOp.SetData(KafkaPaths.PartitionState(partition), state.Encode(), state.ZkVersion)]));
        }

        var written = await All(writes);
        var result = new List<PartitionStateZnode?>(wishes.Count);
        for (var i = 0; i < wishes.Count; i++)
        {
            Judge(written[i], guard.Count);
            result.Add(await Outcome(wishes[i], written[i], guard.Count));
        }

        return result;
    }

    /// <summary>The state with its new version; null where another stands there, or one that cannot be read: who reads again leaves that alone.</summary>
    private async LoopTask<PartitionStateZnode?> Outcome(WishedState wish, WriteResult written, int setOperation)
    {
        try
        {
            var update = await znodes.JudgeUpdate(wish.Partition, wish.State, written, setOperation);
            term.Ensure();
            return update.Updated ? wish.State with { ZkVersion = update.ZkVersion } : null;
        }
        catch (MalformedZnodeException e)
        {
            log.LogError("The state of {Partition} has not been changed: {Reason}", wish.Partition, e.Message);
            return null;
        }
    }

    /// <summary>
    /// Creates the first states of new partitions, with their parents. The result has what stands there afterwards, or null if that cannot be
    /// told; with the transaction that last set it if it stood there already and is none of ours.
    /// </summary>
    /// <exception cref="ControllerMovedException">Another controller has been elected.</exception>
    public async LoopTask<IReadOnlyList<(PartitionStateZnode State, long? FoundAt)?>> Create(IReadOnlyList<WishedState> wishes)
    {
        var guard = Guard();
        await CreateParents(wishes, guard);
        var writes = new List<LoopTask<WriteResult>>(wishes.Count);
        foreach (var (partition, state) in wishes)
        {
            writes.Add(znodes.Session.Write([.. guard, CoordinationOp.Create(KafkaPaths.PartitionState(partition), state.Encode())]));
        }

        var written = await All(writes);
        var result = new List<(PartitionStateZnode State, long? FoundAt)?>(wishes.Count);
        for (var i = 0; i < wishes.Count; i++)
        {
            Judge(written[i], guard.Count);
            if (written[i].Ok)
            {
                result.Add((wishes[i].State with { ZkVersion = 0 }, null));
                continue;
            }

            // It stands there already, perhaps by an attempt of ours whose reply was lost: what counts is what stands there.
            log.LogWarning("The state of {Partition} could not be created: {Error}", wishes[i].Partition, written[i].Error);
            if (await ReadDated(wishes[i].Partition) is var (standing, mzxid)) result.Add((standing, PartitionUpdate.WasWritten(standing, wishes[i].State) ? null : mzxid));
            else result.Add(null);
        }

        return result;
    }

    /// <summary>
    /// Changes a topic's assignment as it stands, whoever has changed it meanwhile; refuses if the topic is gone, cannot be read or would become
    /// larger than the store takes.
    /// </summary>
    /// <param name="topic">Which topic.</param>
    /// <param name="change">Gives the assignment wished for; doing it twice must give the same.</param>
    /// <param name="tooLarge">The code of the refusal where it would become too large.</param>
    /// <exception cref="ControllerMovedException">Another controller has been elected.</exception>
    public async LoopTask<RequestOutcome> UpdateTopic(string topic, Func<TopicZnode, TopicZnode> change, ErrorCode tooLarge)
    {
        while (true)
        {
            (TopicZnode Assignment, int ZkVersion)? found;
            try
            {
                found = await znodes.VersionedTopic(topic);
            }
            catch (MalformedZnodeException e)
            {
                log.LogError("The assignment of topic {Topic} is not changed: {Reason}", topic, e.Message);
                return new RequestOutcome(ErrorCode.UnknownTopicOrPartition, $"The assignment of the topic '{topic}' cannot be read: {e.Message}");
            }

            if (found is not { } standing) return new RequestOutcome(ErrorCode.UnknownTopicOrPartition, $"The topic '{topic}' does not exist.");
            var next = change(standing.Assignment);
            var data = next.Encode();
            if (data.Length > standing.Assignment.Encode().Length && next.SizeProblem() is { } problem)
            {
                log.LogError("The assignment of topic {Topic} is not changed: {Reason}", topic, problem);
                return new RequestOutcome(tooLarge, problem);
            }

            var guard = Guard();
            var result = await znodes.Session.Write([.. guard, CoordinationOp.SetData(KafkaPaths.Topic(topic), data, standing.ZkVersion)]);
            term.Ensure();
            Judge(result, guard.Count);
            if (result.Ok) return RequestOutcome.Accepted;
            if (result.Error is not (CoordinationError.BadVersion or CoordinationError.NoNode)) result.ThrowUnlessOk($"Changing the assignment of topic {topic}");
        }
    }

    /// <summary>Why a topic's assignment, which stands, cannot be read; null if it can be, or none stands.</summary>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public async LoopTask<string?> TopicProblem(string topic)
    {
        try
        {
            await znodes.Topic(topic);
            term.Ensure();
            return null;
        }
        catch (MalformedZnodeException e)
        {
            return e.Message;
        }
    }

    /// <summary>Sets a znode that may be gone already.</summary>
    /// <exception cref="ControllerMovedException">Another controller has been elected.</exception>
    public async LoopTask Set(string path, byte[] data)
    {
        var guard = Guard();
        var result = await znodes.Session.Write([.. guard, CoordinationOp.SetData(path, data)]);
        term.Ensure();
        Judge(result, guard.Count);
        if (result.Error != CoordinationError.NoNode) result.ThrowUnlessOk($"Setting {path}");
    }

    /// <summary>Deletes znodes that may be gone already.</summary>
    /// <exception cref="ControllerMovedException">Another controller has been elected.</exception>
    public async LoopTask Delete(IReadOnlyList<string> paths)
    {
        var guard = Guard();
        var writes = new List<LoopTask<WriteResult>>(paths.Count);
        foreach (var path in paths) writes.Add(znodes.Session.Write([.. guard, CoordinationOp.Delete(path)]));
        foreach (var result in await All(writes))
        {
            Judge(result, guard.Count);
            if (result.Error != CoordinationError.NoNode) result.ThrowUnlessOk("Deleting a znode");
        }
    }

    /// <summary>
    /// Deletes all that stands of a topic: its partitions first, in as many writes as it needs, then its assignment, its options and the wish
    /// for its deletion in one. As long as the wish stands, a later controller goes on.
    /// </summary>
    /// <exception cref="ControllerMovedException">Another controller has been elected.</exception>
    public async LoopTask DeleteTopic(string topic)
    {
        while (true)
        {
            List<string> below = [.. await Tree(KafkaPaths.Topic(topic))];
            List<string> last = [.. below.TakeLast(1), .. await Tree(KafkaPaths.TopicConfig(topic)), .. await Tree(KafkaPaths.DeleteTopic(topic))];
            term.Ensure();
            if (last.Count == 0 || await DeleteAll(topic, [.. below.SkipLast(1)], last)) return;
        }
    }

    private async LoopTask CreateParents(IReadOnlyList<WishedState> wishes, IReadOnlyList<CoordinationOp> guard)
    {
        string? topic = null;
        var parents = new List<LoopTask<WriteResult>>();
        foreach (var (partition, _) in wishes)
        {
            if (partition.Topic != topic) parents.Add(znodes.Session.Write([.. guard, CoordinationOp.Create(KafkaPaths.Partitions(topic = partition.Topic), [])]));
            parents.Add(znodes.Session.Write([.. guard, CoordinationOp.Create(KafkaPaths.Partition(partition), [])]));
        }

        foreach (var result in await All(parents)) Judge(result, guard.Count);
    }

    /// <summary>Deletes znodes in their order, those that go together in the last write; false if one has come or gone meanwhile.</summary>
    private async LoopTask<bool> DeleteAll(string topic, IReadOnlyList<string> first, IReadOnlyList<string> together)
    {
        for (var done = 0; ; done += DeletionsPerWrite)
        {
            var isLast = first.Count - done + together.Count <= DeletionsPerWrite;
            var guard = Guard();
            IEnumerable<string> paths = isLast ? first.Skip(done).Concat(together) : first.Skip(done).Take(DeletionsPerWrite);
            var result = await znodes.Session.Write([.. guard, .. paths.Select(path => CoordinationOp.Delete(path))]);
            term.Ensure();
            Judge(result, guard.Count);
            if (result.Error is CoordinationError.NoNode or CoordinationError.NotEmpty) return false;
            result.ThrowUnlessOk($"Deleting topic {topic}");
            if (isLast) return true;
        }
    }

    /// <summary>What stands at a path and below it, children before parents; read level by level, the reads of each under way at once.</summary>
    private async LoopTask<List<string>> Tree(string root)
    {
        var found = new List<string>();
        List<string> level = [root];
        while (level.Count > 0)
        {
            List<LoopTask<ZnodeChildren?>> looks = [.. level.Select(path => znodes.Session.TryChildren(path))];
            var next = new List<string>();
            for (var i = 0; i < looks.Count; i++)
            {
                if (await looks[i] is not { } children) continue;
                found.Add(level[i]);
                next.AddRange(children.Names.Select(name => ZnodePath.ChildOf(level[i], name)));
            }

            level = next;
        }

        found.Reverse();
        return found;
    }

    private IReadOnlyList<CoordinationOp> Guard()
    {
        term.Ensure();
        return decisions.GuardOps(term.EpochZkVersion);
    }

    private async LoopTask<List<WriteResult>> All(List<LoopTask<WriteResult>> writes)
    {
        var results = new List<WriteResult>(writes.Count);
        foreach (var write in writes) results.Add(await write);
        term.Ensure();
        return results;
    }

    private void Judge(WriteResult result, int guardCount)
    {
        if (result.Ok || result.FailedOperation < 0 || result.FailedOperation >= guardCount) return;
        term.End();
        throw new ControllerMovedException(
            $"A write of controller epoch {term.Epoch} was refused ({result.Error}): another controller has been elected.");
    }
}
