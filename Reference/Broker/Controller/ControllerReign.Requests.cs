using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Znodes;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <content>What administrators ask for, by requests and by znodes.</content>
internal sealed partial class ControllerReign
{
    private SortedSet<TopicPartition> _wished = [];

    /// <summary>Begins, changes or gives up a reassignment that was asked for by request: it takes precedence over one asked for by znode.</summary>
    public async LoopTask<RequestOutcome> AlterReassignment(TopicPartition partition, IReadOnlyList<int>? target)
    {
        var outcome = await _reassignments.Alter(partition, target);
        if (outcome.IsAccepted) await ForgetWishes([partition]);
        return outcome;
    }

    /// <summary>The reassignments under way.</summary>
    public IReadOnlyList<(TopicPartition Partition, PartitionAssignment Assignment)> Reassignments() =>
        [.. Context.Reassigning.Select(p => (p, Context.AssignmentOf(p)))];

    /// <summary>Elects leaders as asked; see <see cref="LeaderElector.Elect"/>.</summary>
    public LoopTask<SortedDictionary<TopicPartition, ElectionResult>> ElectLeaders(IReadOnlyCollection<TopicPartition>? partitions, ElectionStrategy strategy) =>
        _elector.Elect(partitions, strategy);

    /// <summary>Adds partitions to a topic and elects their leaders, or only checks whether that could be done.</summary>
    public async LoopTask<RequestOutcome> AddPartitions(CreatePartitionsRequest.CreatePartitionsTopic wish, bool validateOnly)
    {
        if (Context.Assignment.ContainsKey(wish.Name)) await ProcessPartitionModifications(wish.Name); // the count that is asked for is measured by what stands in the store
        var outcome = await _adder.Add(wish, validateOnly);
        if (outcome.IsAccepted && !validateOnly) await ProcessPartitionModifications(wish.Name);
        return outcome;
    }

    private async LoopTask ProcessReassignmentWishes()
    {
        IReadOnlyList<ReassignmentWish>? wishes;
        try
        {
            wishes = await _znodes.Reassignments(_watches.Reassignments);
            Term.Ensure();
        }
        catch (MalformedZnodeException e)
        {
            _log.LogError("Wishes for reassignments are taken away: {Reason}", e.Message);
            await _store.Delete([KafkaPaths.ReassignPartitions]);
            return;
        }

        _wished = [.. (wishes ?? []).Select(w => w.Partition)];
        if (wishes is null) return;
        var refused = new SortedSet<TopicPartition>();
        foreach (var wish in wishes)
        {
            if (Context.AssignmentOf(wish.Partition) is { IsBeingReassigned: true } current && current.Target.SequenceEqual(wish.Replicas)) continue;
            var outcome = wishes.Count(w => w.Partition == wish.Partition) > 1
                ? new RequestOutcome(Wire.ErrorCode.InvalidReplicaAssignment, $"{wish.Partition} stands more than once among the wishes.")
                : await _reassignments.Alter(wish.Partition, wish.Replicas);
            if (outcome.IsAccepted) continue;
            _log.LogError("The reassignment of {Partition} to [{Replicas}] is refused: {Reason}", wish.Partition, string.Join(',', wish.Replicas), outcome.Message);
            refused.Add(wish.Partition);
        }

        await ForgetWishes(refused, alsoIfNone: wishes.Count == 0);
    }

    private async LoopTask OnReassigned(TopicPartition partition)
    {
        await ForgetWishes([partition]);
        await _deletions.ResumeAfterReassignment(partition.Topic);
    }

    /// <summary>Takes wishes that are done, refused or overridden out of their znode, and the znode away with the last.</summary>
    private async LoopTask ForgetWishes(IReadOnlyCollection<TopicPartition> partitions, bool alsoIfNone = false)
    {
        if (!_wished.Overlaps(partitions) && !alsoIfNone) return;
        try
        {
            var standing = await _znodes.Reassignments() ?? [];
            Term.Ensure();
            List<ReassignmentWish> left = [.. standing.Where(w => !partitions.Contains(w.Partition))];
            if (left.Count == 0) await _store.Delete([KafkaPaths.ReassignPartitions]);
            else if (left.Count < standing.Count) await _store.Set(KafkaPaths.ReassignPartitions, ReassignPartitionsZnode.Encode(left));
            _wished.ExceptWith(partitions);
        }
        catch (MalformedZnodeException e)
        {
            _log.LogError("Wishes for reassignments are taken away: {Reason}", e.Message);
            await _store.Delete([KafkaPaths.ReassignPartitions]);
        }
    }

    private async LoopTask ProcessPreferredElections()
    {
        try
        {
            var wished = await _znodes.PreferredElections(_watches.PreferredElections);
            Term.Ensure();
            if (wished is null) return;
            foreach (var (partition, result) in await _elector.Elect(wished, ElectionStrategy.Preferred))
            {
                if (!result.Outcome.IsAccepted) _log.LogWarning("No preferred leader is elected for {Partition}: {Reason}", partition, result.Outcome.Message);
            }
        }
        catch (MalformedZnodeException e)
        {
            _log.LogError("The wish for preferred leaders is taken away: {Reason}", e.Message);
        }

        await _store.Delete([KafkaPaths.PreferredReplicaElection]);
    }

    /// <summary>Log directories have failed: their brokers are told anew of their replicas, and answer which they have lost.</summary>
    private async LoopTask ProcessLogDirEvents()
    {
        var paths = await _znodes.LogDirEvents(_watches.LogDirs);
        var brokers = new SortedSet<int>();
        foreach (var path in paths)
        {
            try
            {
                if (await _znodes.LogDirEvent(path) is { } broker) brokers.Add(broker);
            }
            catch (MalformedZnodeException e)
            {
                _log.LogError("A notification is dropped: {Reason}", e.Message);
            }
        }

        Term.Ensure();
        if (brokers.Count > 0) _log.LogWarning("Log directories of brokers {Brokers} have failed", string.Join(",", brokers));
        _replicas.Start([.. Context.ReplicasOn(brokers).Where(r => Context.Replica(r).State == ReplicaState.Online)]);
        await _store.Delete(paths);
    }
}
