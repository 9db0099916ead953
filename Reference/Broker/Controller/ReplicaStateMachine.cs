using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Znodes;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>Moves replicas from state to state and tells the brokers; offline replicas leave the ISR.</summary>
/// <remarks>
/// A broker that goes ends the leader epochs of its replicas even where they were outside the ISR. Kafka leaves it then, and a fetch that the
/// broker's last run had sent may take it into the ISR after its disk has lost records (KIP-903). Fetches carry the leader epoch, and the
/// leader writes the ISR against the version of the epoch's znode: after this change an older fetch is fenced, and an ISR change made of
/// one is refused. Until the controller has seen the restart, or while there is none, the broker epochs of fetches and of the ISR do that.
/// </remarks>
internal sealed class ReplicaStateMachine(
    ControllerContext context, ControllerStore store, ControllerTerm term, Func<ControlRequestBatch> newBatch, ControllerChannelManager channels, ILogger log)
{
    /// <summary>Sets the replicas' states at the beginning of a reign, and tells the live ones.</summary>
    public async LoopTask Startup()
    {
        var online = new List<PartitionReplica>();
        var offline = new List<PartitionReplica>();
        foreach (var partition in context.Partitions)
        {
            foreach (var broker in context.ReplicasOf(partition))
            {
                var replica = new PartitionReplica(partition, broker);
                var live = context.IsReplicaOnline(replica);

                // A replica on a dead broker waits for it: deletion of its topic is tried again when the broker returns.
                context.Initialize(replica, live ? ReplicaState.Online : ReplicaState.Offline);
                (live ? online : offline).Add(replica);
            }
        }

        Start(online);
        await Stop(offline);
    }

    /// <summary>Creates replicas that a new assignment names.</summary>
    public void Create(IReadOnlyList<PartitionReplica> replicas) => Fire(replicas, ReplicaTrigger.Create);

    /// <summary>Tells replicas on live brokers about their partitions.</summary>
    public void Start(IReadOnlyList<PartitionReplica> replicas)
    {
        var batch = newBatch();
        var isNew = replicas.Where(r => context.Replica(r).State == ReplicaState.New).ToHashSet(); // told already, when their leader was elected
        foreach (var replica in Fire(replicas, ReplicaTrigger.Start))
        {
            if (!isNew.Contains(replica) && context.Leadership.ContainsKey(replica.Partition)) batch.AddLeaderAndIsr([replica.BrokerId], replica.Partition, isNew: false);
        }

        batch.Send(channels);
    }

    /// <summary>Tells brokers, if they are alive, to delete replicas.</summary>
    public void Delete(IReadOnlyList<PartitionReplica> replicas)
    {
        var batch = newBatch();
        foreach (var replica in Fire(replicas, ReplicaTrigger.Delete)) batch.AddStopReplica(replica.BrokerId, replica.Partition, delete: true);
        batch.Send(channels);
    }

    /// <summary>Stops replicas, takes them out of the ISR and tells the others.</summary>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public async LoopTask Stop(IReadOnlyList<PartitionReplica> replicas)
    {
        var batch = newBatch();
        var stopped = Fire(replicas, ReplicaTrigger.Stop);
        foreach (var replica in stopped) batch.AddStopReplica(replica.BrokerId, replica.Partition, delete: false);
        foreach (var onBroker in stopped.GroupBy(r => r.BrokerId).OrderBy(g => g.Key))
        {
            var remaining = onBroker.Select(r => r.Partition).Where(context.Leadership.ContainsKey).ToList();
            while (remaining.Count > 0) remaining = await RemoveFromIsr(onBroker.Key, remaining, batch);
        }

        batch.AddUpdateMetadata(context.Brokers.Keys, stopped.Select(r => r.Partition));
        batch.Send(channels);
    }

    /// <summary>Moves replicas to a state of which brokers need not be told; gives those for which that was legal.</summary>
    public IReadOnlyList<PartitionReplica> Fire(IEnumerable<PartitionReplica> replicas, ReplicaTrigger trigger)
    {
        var moved = new List<PartitionReplica>();
        foreach (var replica in replicas)
        {
            var machine = context.Replica(replica);
            if (machine.CanFire(trigger))
            {
                machine.Fire(trigger);
                moved.Add(replica);
            }
            else
            {
                log.LogError("Refused to {Trigger} replica {Replica} in state {State}", trigger, replica, machine.State);
            }
        }

        return moved;
    }

    /// <summary>One round; gives the partitions whose state had changed under us and must be read again.</summary>
    private async LoopTask<List<TopicPartition>> RemoveFromIsr(int broker, List<TopicPartition> partitions, ControlRequestBatch batch)
    {
        var wishes = new List<WishedState>();
        foreach (var partition in partitions)
        {
            if (await store.ReadDated(partition) is not var (current, mzxid)) continue;
            if (current.ControllerEpoch > term.Epoch)
            {
                log.LogError("Partition {Partition} was written by the later controller epoch {Epoch}: its ISR stays", partition, current.ControllerEpoch);
                continue;
            }

            context.Leadership[partition] = current;
            bool IsOnline(int replica) => context.IsReplicaOnline(new PartitionReplica(partition, replica), includeShuttingDown: true);
            var inSync = RestartedReplicas.StillInSync(current, mzxid, context.Registrations);
            if (WithoutReplica(current, broker, inSync, isGone: !IsOnline(broker)) is { } smaller)
            {
                NoteOutlived(partition, current, inSync);
                var stamped = RestartedReplicas.Stamped(current, mzxid, IsOnline, context.Registrations);
                smaller = smaller with { IsrEpochs = stamped.IsrEpochs };
                wishes.Add(new WishedState(partition, smaller with { ControllerEpoch = term.Epoch, LeaderEpoch = current.LeaderEpoch + 1 }));
            }
        }

        var again = new List<TopicPartition>();
        var updated = await store.Update(wishes);
        for (var i = 0; i < wishes.Count; i++)
        {
            var partition = wishes[i].Partition;
            if (updated[i] is { } state) Accept(broker, partition, state, batch);
            else again.Add(partition);
        }

        return again;
    }

    /// <summary>
    /// The state without a replica in its ISR, whose last member stays, and without a leader if that was it; null if nothing is to
    /// change. If the broker has gone and somebody leads who could take the replica in, something is: the epoch. With its leader the ISR loses
    /// those whom the leader had outlived: once nobody leads, the members that are left are believed.
    /// </summary>
    private static PartitionStateZnode? WithoutReplica(PartitionStateZnode current, int broker, IReadOnlyList<int> inSync, bool isGone)
    {
        var isLed = current.Leader != PartitionStateZnode.NoLeader;
        if (!current.Isr.Contains(broker)) return isGone && isLed ? current : null;
        if (current.Isr.Count == 1 && !isLed) return null;
        var leads = current.Leader == broker;
        IReadOnlyList<int> others = [.. (leads ? inSync : current.Isr).Where(r => r != broker)];
        return current with
        {
            Leader = leads ? PartitionStateZnode.NoLeader : current.Leader,
            Isr = others.Count == 0 ? [broker] : others,
        };
    }

    private void NoteOutlived(TopicPartition partition, PartitionStateZnode current, IReadOnlyList<int> inSync)
    {
        List<int> outlived = [.. current.Isr.Except(inSync)];
        if (outlived.Count > 0) context.Outlived[partition] = outlived;
    }

    private void Accept(int broker, TopicPartition partition, PartitionStateZnode state, ControlRequestBatch batch)
    {
        context.Leadership[partition] = state;
        if (context.Deletions.IsQueued(partition.Topic)) return;
        batch.AddLeaderAndIsr(context.ReplicasOf(partition).Where(r => r != broker), partition, isNew: false);
        log.LogInformation("Replica {Broker} is out of the ISR of {Partition}: {State}", broker, partition, state);
    }
}
