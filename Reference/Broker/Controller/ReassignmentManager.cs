using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Znodes;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>
/// Moves partitions to other replicas, in the steps of Kafka 2.5 (KIP-455): the partition gets the new replicas beside the old ones;
/// when all wished for are in sync, one of them leads; the others leave the ISR, are deleted and leave the assignment.
/// </summary>
/// <remarks>
/// What is wished for stands in the topic's znode before anything is done, and is taken away after all is done, so that a controller that
/// takes over in between finds where to go on, and each step can be done twice. Kafka 2.5 writes a cancellation down before it stops the
/// replicas that are not needed any more, and a controller that takes over does not know of them; here they stand as "removing" until
/// they are gone. And nothing is deleted that may be the last replica in sync, whatever the ISR has become meanwhile.
/// </remarks>
internal sealed class ReassignmentManager(
    ControllerContext context,
    ControllerStore store,
    ControllerTerm term,
    ControllerDecisions decisions,
    KafkaZnodes znodes,
    ControllerWatches watches,
    PartitionStateMachine partitions,
    ReplicaStateMachine replicas,
    Func<ControlRequestBatch> newBatch,
    ControllerChannelManager channels,
    Func<TopicPartition, LoopTask> done,
    ILogger log)
{
    /// <summary>Begins a reassignment, or another in the place of the one under way, or gives that up.</summary>
    /// <param name="partition">Which partition.</param>
    /// <param name="target">Broker ids wished for; null gives up.</param>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public async LoopTask<RequestOutcome> Alter(TopicPartition partition, IReadOnlyList<int>? target)
    {
        var current = context.AssignmentOf(partition);
        if (Refusal(partition, current, target) is { } refusal) return refusal;
        var next = current.ReassignTo(target ?? current.Origin);
        if (await LastInSync(partition, next) is { } loss) return loss;
        log.LogInformation("Partition {Partition} is reassigned from {Current} to {Next}", partition, current, next);
        if (await Adopt(partition, current, next) is { IsAccepted: false } unwritten) return unwritten;
        await Resume(partition);
        return RequestOutcome.Accepted;
    }

    /// <summary>Goes on with a reassignment whose steps so far are not known, or have just been decided.</summary>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public async LoopTask Resume(TopicPartition partition)
    {
        if (!context.AssignmentOf(partition).IsBeingReassigned)
        {
            await Announce(partition);
            await done(partition);
            return;
        }

        Create(partition, context.AssignmentOf(partition));
        if (context.Leadership.ContainsKey(partition)) await Announce(partition);
        else await partitions.Elect([partition], ElectionStrategy.Offline);
        await Look(partition);
    }

    /// <summary>Ends a reassignment if the replicas wished for are in sync; else waits for a change of the ISR.</summary>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public async LoopTask Look(TopicPartition partition)
    {
        var assignment = context.AssignmentOf(partition);
        if (!assignment.IsBeingReassigned) return;
        await znodes.Session.Exists(KafkaPaths.PartitionState(partition), watches.PartitionState);
        term.Ensure();
        if (await Refresh(partition) is not { } state) return;
        if (IsReady(assignment, state)) await Complete(partition, assignment);
        else log.LogInformation("The reassignment of {Partition} to [{Target}] waits for its ISR: {State}", partition, string.Join(',', assignment.Target), state);
    }

    // Who gives a move up keeps the old replicas as they are, in sync or not: one of them that is must stay, as it had to when that was asked for.
    private static bool IsReady(PartitionAssignment assignment, PartitionStateZnode state) => assignment.IsBeingGivenUp
        ? assignment.Target.Any(state.Isr.Contains)
        : assignment.Target.All(state.Isr.Contains);

    private RequestOutcome? Refusal(TopicPartition partition, PartitionAssignment current, IReadOnlyList<int>? target)
    {
        if (current.Replicas.Count == 0) return Refuse(ErrorCode.UnknownTopicOrPartition, $"The partition {partition} does not exist.");
        if (context.Deletions.IsQueued(partition.Topic)) return Refuse(ErrorCode.UnknownTopicOrPartition, $"The topic of {partition} is being deleted.");
        if (target is null) return current.IsBeingReassigned ? null : Refuse(ErrorCode.NoReassignmentInProgress, $"{partition} is not being reassigned.");
        if (PartitionAssignment.Problem(target) is { } problem) return Refuse(ErrorCode.InvalidReplicaAssignment, problem);
        if (context.Deletions.IsPostponed(partition.Topic)) return Refuse(ErrorCode.UnknownTopicOrPartition, $"The topic of {partition} is about to be deleted.");
        var dead = current.ReassignTo(target).Adding.Where(r => !context.LiveBrokers.Contains(r)).ToList();
        return dead.Count == 0 ? null : Refuse(ErrorCode.InvalidReplicaAssignment, $"The brokers [{string.Join(", ", dead)}] of the replicas wished for are not alive.");
    }

    /// <summary>Refuses an assignment that lacks all replicas in sync: to give those up would lose records.</summary>
    private async LoopTask<RequestOutcome?> LastInSync(TopicPartition partition, PartitionAssignment next)
    {
        if (await Refresh(partition) is not { } state)
            return store.IsUnreadable(partition) ? Refuse(ErrorCode.InvalidReplicaAssignment, $"The state of {partition} cannot be read: nobody knows which of its replicas are in sync.") : null;
        if (state.Isr.Any(next.Replicas.Contains)) return null;
        return Refuse(
            ErrorCode.InvalidReplicaAssignment,
            $"Only [{string.Join(", ", state.Isr)}] are in sync of {partition}, and none of them would keep its replica.");
    }

    /// <summary>The state as it stands; a leader changes the ISR on its own. One that could not be read so far is taken over first.</summary>
    private async LoopTask<PartitionStateZnode?> Refresh(TopicPartition partition)
    {
        if (await store.Read(partition) is not { } state) return null;
        if (context.Leadership.ContainsKey(partition)) return context.Leadership[partition] = state;
        await partitions.Elect([partition], ElectionStrategy.Offline);
        return context.Leadership.GetValueOrDefault(partition);
    }

    private static RequestOutcome Refuse(ErrorCode error, string message) => new(error, message);

    /// <summary>Writes the assignment down. What an earlier reassignment had added and this one does not want is taken away first.</summary>
    private async LoopTask<RequestOutcome> Adopt(TopicPartition partition, PartitionAssignment current, PartitionAssignment next)
    {
        List<int> unneeded = [.. current.Replicas.Where(r => !next.Replicas.Contains(r))];
        if (unneeded.Count > 0)
        {
            var between = next.AndRemove(unneeded);
            if (await Write(partition, between) is { IsAccepted: false } refused) return refused;
            Create(partition, next); // the first that they hear of the partition comes while the others are taken away
            if (!await TakeAway(partition, between, next, unneeded)) return RequestOutcome.Accepted; // goes on as a removal, when others are in sync
        }

        var outcome = await Write(partition, next);
        if (outcome.IsAccepted) SetAssignment(partition, next);
        return outcome;
    }

    private void Create(TopicPartition partition, PartitionAssignment assignment) =>
        replicas.Create([.. assignment.Adding.Select(r => new PartitionReplica(partition, r)).Where(r => context.Replica(r).State == ReplicaState.NonExistent)]);

    private async LoopTask Complete(TopicPartition partition, PartitionAssignment assignment)
    {
        var target = PartitionAssignment.Of(assignment.Target);
        replicas.Start([.. assignment.Adding.Select(r => new PartitionReplica(partition, r)).Where(r => context.Replica(r).State == ReplicaState.New)]);
        if (!await TakeAway(partition, assignment, target, assignment.Removing)) return;
        if (await Write(partition, target) is { IsAccepted: false }) return;
        UpdateMetadata(partition);
        log.LogInformation("The reassignment of {Partition} to {Target} is done", partition, target);
        await done(partition);
    }

    /// <summary>
    /// Lets one of the replicas that stay lead, and stops and deletes the others. False if that would lose the last replica in sync:
    /// then it has not been deleted, and all stays as it was.
    /// </summary>
    private async LoopTask<bool> TakeAway(TopicPartition partition, PartitionAssignment before, PartitionAssignment staying, IReadOnlyList<int> going)
    {
        SetAssignment(partition, staying);
        await GiveLeadTo(partition, staying);
        if (Leader(partition) is var leader && leader != PartitionStateZnode.NoLeader && !staying.Replicas.Contains(leader))
        {
            log.LogWarning("None of [{Replicas}] can lead {Partition} yet", string.Join(',', staying.Replicas), partition);
            SetAssignment(partition, before);
            return false;
        }

        List<PartitionReplica> doomed = [.. going.Select(r => new PartitionReplica(partition, r)).Where(r => context.Replica(r).State != ReplicaState.NonExistent)];
        await replicas.Stop(doomed);
        if (context.Leadership.TryGetValue(partition, out var left) && left.Isr.Any(going.Contains))
        {
            log.LogWarning("The last replica in sync of {Partition} is not taken away: {State}", partition, left);
            SetAssignment(partition, before);
            replicas.Start([.. doomed.Where(r => context.IsReplicaOnline(r))]);
            await partitions.Elect([partition], ElectionStrategy.Offline);
            return false;
        }

        replicas.Delete(doomed);
        replicas.Fire(doomed, ReplicaTrigger.Deleted);
        replicas.Fire(doomed, ReplicaTrigger.Forget);
        foreach (var replica in doomed) context.RemoveReplica(replica);
        return true;
    }

    private LoopTask GiveLeadTo(TopicPartition partition, PartitionAssignment staying)
    {
        if (!context.Leadership.ContainsKey(partition)) return LoopTask.Completed;
        var leader = Leader(partition);
        return staying.Replicas.Contains(leader) && context.IsReplicaOnline(new PartitionReplica(partition, leader))
            ? Announce(partition)
            : partitions.Elect([partition], ElectionStrategy.Reassignment).AsVoid();
    }

    private int Leader(TopicPartition partition) => context.Leadership.TryGetValue(partition, out var state) ? state.Leader : PartitionStateZnode.NoLeader;

    private void SetAssignment(TopicPartition partition, PartitionAssignment assignment) => context.Assignment[partition.Topic][partition.Partition] = assignment;

    /// <summary>Begins a new leader epoch with the same leader, and tells all replicas of it and of the assignment.</summary>
    private async LoopTask Announce(TopicPartition partition)
    {
        PartitionStateZnode known;
        while (true)
        {
            if (await store.ReadDated(partition) is not var (state, mzxid)) return;
            var stamped = RestartedReplicas.Stamped(state, mzxid, r => context.IsReplicaOnline(new PartitionReplica(partition, r), includeShuttingDown: true), context.Registrations);
            var wish = new WishedState(partition, stamped with { LeaderEpoch = state.LeaderEpoch + 1, ControllerEpoch = term.Epoch });
            if ((await store.Update([wish]))[0] is not { } updated) continue;
            context.Leadership[partition] = updated;
            known = decisions.KnownAfterAnnouncement(state, updated);
            break;
        }

        var batch = newBatch();
        batch.AddLeaderAndIsr(context.ReplicasOf(partition), partition, isNew: false);
        batch.Send(channels);
        context.Leadership[partition] = known;
    }

    private LoopTask<RequestOutcome> Write(TopicPartition partition, PartitionAssignment assignment) => store.UpdateTopic(
        partition.Topic,
        topic => topic.With(partition.Partition, assignment.Replicas, assignment.Adding, assignment.Removing),
        ErrorCode.InvalidReplicaAssignment);

    private void UpdateMetadata(TopicPartition partition)
    {
        var batch = newBatch();
        batch.AddUpdateMetadata(context.Brokers.Keys, [partition]);
        batch.Send(channels);
    }
}
