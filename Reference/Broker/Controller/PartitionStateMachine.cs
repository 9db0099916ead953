using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Configuration;
using Reference.Broker.Znodes;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>How a leader is to be chosen.</summary>
public enum ElectionStrategy
{
    /// <summary>The leader is gone.</summary>
    Offline,

    /// <summary>The leader is gone, and somebody asks for another at the price of records.</summary>
    Unclean,

    /// <summary>The leader is not among the replicas that a reassignment wishes for.</summary>
    Reassignment,

    /// <summary>The preferred replica shall lead.</summary>
    Preferred,

    /// <summary>The leader wants to stop.</summary>
    ControlledShutdown,
}

/// <summary>Moves partitions from state to state: elects leaders, writes their states and tells the brokers.</summary>
internal sealed class PartitionStateMachine(
    int controllerId, ControllerContext context, ControllerStore store, KafkaZnodes znodes, ControllerTerm term, ControllerConfig config, ControllerDecisions decisions, StateAdoption adoption, Func<ControlRequestBatch> newBatch, ControllerChannelManager channels, ILogger log)
{
    /// <summary>Sets the partitions' states at the beginning of a reign by what stands in the store.</summary>
    public void Initialize()
    {
        foreach (var partition in context.Partitions)
        {
            var state = !context.Leadership.TryGetValue(partition, out var leadership) ? PartitionState.New
                : context.IsReplicaOnline(new PartitionReplica(partition, leadership.Leader)) ? PartitionState.Online
                : PartitionState.Offline;
            context.Initialize(partition, state);
        }
    }

    /// <summary>Tries to find leaders for all partitions without one.</summary>
    public LoopTask TriggerOnline() => Elect(context.PartitionsIn(PartitionState.New, PartitionState.Offline), ElectionStrategy.Offline).AsVoid();

    /// <summary>Tries to find leaders for the partitions of a topic without one.</summary>
    public LoopTask TriggerOnline(string topic) =>
        Elect([.. context.PartitionsIn(PartitionState.New, PartitionState.Offline).Where(p => p.Topic == topic)], ElectionStrategy.Offline).AsVoid();

    /// <summary>Moves partitions to a state that needs no election.</summary>
    public void Fire(IEnumerable<TopicPartition> partitions, PartitionTrigger trigger)
    {
        foreach (var partition in partitions)
        {
            var machine = context.Partition(partition);
            if (machine.CanFire(trigger)) machine.Fire(trigger);
            else log.LogError("Refused to {Trigger} partition {Partition} in state {State}", trigger, partition, machine.State);
        }
    }

    /// <summary>Elects leaders; partitions for which nobody can lead stay as they are. Gives those for which one was elected.</summary>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public async LoopTask<SortedSet<TopicPartition>> Elect(IReadOnlyList<TopicPartition> partitions, ElectionStrategy strategy)
    {
        var legal = new List<TopicPartition>(partitions.Count);
        foreach (var partition in partitions)
        {
            var machine = context.Partition(partition);
            if (machine.CanFire(PartitionTrigger.ElectLeader)) legal.Add(partition);
            else log.LogError("Refused to elect a leader of partition {Partition} in state {State}", partition, machine.State);
        }

        var batch = newBatch();
        var elected = new SortedSet<TopicPartition>();
        var remaining = legal.Where(p => context.Partition(p).State != PartitionState.New).ToList();
        var found = await CreateStates([.. legal.Where(p => context.Partition(p).State == PartitionState.New)], batch, elected);
        var restarted = await adoption.TakeOver(found);
        List<TopicPartition> unseen = [.. found.Select(f => f.Partition)];
        Fire(unseen, PartitionTrigger.LoseLeader);
        while (unseen.Count > 0) unseen = await ElectOnce(unseen, ElectionStrategy.Offline, batch, elected);
        while (remaining.Count > 0) remaining = await ElectOnce(remaining, strategy, batch, elected);
        batch.Send(channels);
        adoption.WelcomeBack(restarted);
        return elected;
    }

    /// <summary>
    /// Gives partitions their first leader. Returns the states that stood there already: those are not believed as they are, and begin with a new
    /// epoch, since nobody has looked after them.
    /// </summary>
    private async LoopTask<IReadOnlyList<FoundState>> CreateStates(List<TopicPartition> partitions, ControlRequestBatch batch, SortedSet<TopicPartition> elected)
    {
        var wishes = new List<WishedState>();
        foreach (var partition in partitions)
        {
            List<int> live = [.. context.ReplicasOf(partition).Where(r => context.IsReplicaOnline(new PartitionReplica(partition, r)))];
            if (live.Count == 0) log.LogWarning("No replica of the new partition {Partition} is alive", partition);
            else wishes.Add(new WishedState(partition, Stamped(new PartitionStateZnode(live[0], PartitionStateZnode.InitialLeaderEpoch, live, term.Epoch))));
        }

        var found = new List<FoundState>();
        var created = await store.Create(wishes);
        for (var i = 0; i < wishes.Count; i++)
        {
            var partition = wishes[i].Partition;
            if (created[i] is not var (state, mzxid)) continue;
            if (mzxid is { } since)
            {
                found.Add(new FoundState(partition, state, since));
                continue;
            }

            Accept(partition, state, wishes[i].State.Isr, isNew: true, batch);
            elected.Add(partition);
        }

        return found;
    }

    /// <summary>One round; gives the partitions whose state had changed under us and must be read again.</summary>
    private async LoopTask<List<TopicPartition>> ElectOnce(List<TopicPartition> partitions, ElectionStrategy strategy, ControlRequestBatch batch, SortedSet<TopicPartition> elected)
    {
        var wishes = new List<WishedState>();
        var unclean = await UncleanElection(partitions, strategy);
        foreach (var partition in partitions)
        {
            if (await ReadForElection(partition) is not { } current) continue;
            if (Decide(partition, current, strategy, unclean.Contains(partition.Topic)) is { } chosen)
            {
                var next = current.State with { Leader = chosen.Leader, Isr = chosen.Isr, LeaderEpoch = current.State.LeaderEpoch + 1, ControllerEpoch = term.Epoch };
                wishes.Add(new WishedState(partition, Stamped(next)));
            }
            else
            {
                context.Leadership[partition] = current.State;
                log.LogWarning("No replica of {Partition} can lead ({Strategy}; {State})", partition, strategy, current.State);
            }
        }

        var again = new List<TopicPartition>();
        var updated = await store.Update(wishes);
        for (var i = 0; i < wishes.Count; i++)
        {
            var partition = wishes[i].Partition;
            if (updated[i] is not { } state)
            {
                again.Add(partition);
                continue;
            }

            Accept(partition, state, context.OnlineReplicas(partition, strategy == ElectionStrategy.ControlledShutdown), isNew: false, batch);
            elected.Add(partition);
        }

        return again;
    }

    private async LoopTask<(PartitionStateZnode State, long Mzxid)?> ReadForElection(TopicPartition partition)
    {
        if (await store.ReadDated(partition) is not { } current)
        {
            log.LogError("Partition {Partition} has no state in the store: no leader is elected", partition);
            return null;
        }

        if (current.State.ControllerEpoch <= term.Epoch) return current;
        log.LogError("Partition {Partition} was written by the later controller epoch {Epoch}: no leader is elected", partition, current.State.ControllerEpoch);
        return null;
    }

    /// <summary>
    /// The state with the present registrations of its ISR. Those who stay in it have been looked at: that they have restarted, if they
    /// have, counts no longer against them. The leader may have found a member in sync in a registration that is still to be seen here: that stays.
    /// </summary>
    private PartitionStateZnode Stamped(PartitionStateZnode state) => state with
    {
        IsrEpochs = PartitionStateZnode.KnownEpochs(
            state.Isr,
            member => context.Brokers.TryGetValue(member, out var broker) ? Math.Max(state.EpochOf(member), broker.Epoch) : state.EpochOf(member)),
    };

    private ElectedLeader? Decide(TopicPartition partition, (PartitionStateZnode State, long Mzxid) current, ElectionStrategy strategy, bool unclean)
    {
        var live = context.OnlineReplicas(partition, includeShuttingDown: strategy == ElectionStrategy.ControlledShutdown);
        var inSync = RestartedReplicas.StillInSync(current.State, current.Mzxid, context.Registrations);
        var input = new ElectionInput(context.ReplicasOf(partition), inSync, live, context.ShuttingDown)
        {
            Outlived = [.. current.State.Isr.Except(inSync), .. context.Outlived.GetValueOrDefault(partition, [])],
        };
        return strategy switch
        {
            ElectionStrategy.Offline => decisions.OfflineElection(input, unclean),
            ElectionStrategy.Unclean => decisions.OfflineElection(input, true),
            ElectionStrategy.Reassignment => decisions.ReassignmentElection(input),
            ElectionStrategy.Preferred => decisions.PreferredElection(input),
            _ => decisions.ControlledShutdownElection(input),
        };
    }

    private void Accept(TopicPartition partition, PartitionStateZnode state, IEnumerable<int> recipients, bool isNew, ControlRequestBatch batch)
    {
        context.Leadership[partition] = state;
        context.Outlived.Remove(partition);
        context.Partition(partition).Fire(PartitionTrigger.ElectLeader);
        batch.AddLeaderAndIsr(recipients, partition, isNew);
        log.LogInformation("Partition {Partition} is online: {State}", partition, state);
    }

    private async LoopTask<SortedSet<string>> UncleanElection(List<TopicPartition> partitions, ElectionStrategy strategy)
    {
        var result = new SortedSet<string>(StringComparer.Ordinal);
        if (strategy != ElectionStrategy.Offline) return result;
        bool? ofBroker = null;
        foreach (var topic in new SortedSet<string>(partitions.Select(p => p.Topic), StringComparer.Ordinal))
        {
            if (await ReadUncleanElection(znodes.TopicConfig(topic), $"Topic {topic} gets no unclean leader") ?? (ofBroker ??= await OfBroker())) result.Add(topic);
        }

        return result;

        async LoopTask<bool> OfBroker() =>
            await ReadUncleanElection(znodes.BrokerOptions(controllerId), "No topic that says nothing of its own gets an unclean leader") ?? config.UncleanLeaderElection;
    }

    /// <summary>What some options say, null if nothing. Options that cannot be read allow nothing that loses records.</summary>
    /// <param name="reading">The options.</param>
    /// <param name="refusal">What is logged if they cannot be read.</param>
    private async LoopTask<bool?> ReadUncleanElection(LoopTask<SortedDictionary<string, string>> reading, string refusal)
    {
        try
        {
            var options = await reading;
            term.Ensure();
            return options.TryGetValue(TopicOptions.UncleanLeaderElection, out var text) ? string.Equals(text, "true", StringComparison.OrdinalIgnoreCase) : null;
        }
        catch (MalformedZnodeException e)
        {
            log.LogError("{Refusal}: {Reason}", refusal, e.Message);
            return false;
        }
    }
}
