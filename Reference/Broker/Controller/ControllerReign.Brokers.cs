using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Broker.Controller;

internal sealed partial class ControllerReign
{
    /// <summary>
    /// Brokers came, went or did both since the last look: a registration with another epoch is a broker that has restarted
    /// (KIP-380), and is treated as gone and come.
    /// </summary>
    private async LoopTask ProcessBrokerChange()
    {
        var registered = await _znodes.Brokers(_watches.Brokers);
        Term.Ensure();
        var now = registered.ToDictionary(b => b.Id);
        var gone = new SortedSet<int>(Context.Brokers.Values.Where(b => !now.TryGetValue(b.Id, out var same) || _decisions.HasRestarted(b.Epoch, same.Epoch)).Select(b => b.Id));
        var come = registered.Where(b => !Context.Brokers.ContainsKey(b.Id) || gone.Contains(b.Id)).ToList();
        if (gone.Count > 0)
        {
            _log.LogInformation("Brokers {Brokers} have gone", string.Join(",", gone));
            foreach (var id in gone)
            {
                _channels.Remove(id);
                Context.Brokers.Remove(id);
                if (now.TryGetValue(id, out var anew)) Context.Returning.Add(id, anew);
            }

            await OnBrokersGone(gone);
            Context.Returning.Clear();
        }

        if (come.Count > 0)
        {
            _log.LogInformation("Brokers {Brokers} have come", string.Join(",", come.Select(b => b.Id)));
            foreach (var broker in come)
            {
                Context.Brokers.Add(broker.Id, broker);
                _channels.Add(broker.Info, broker.Epoch);
            }

            await OnBrokersCome(new SortedSet<int>(come.Select(b => b.Id)));
        }
    }

    private LoopTask OnBrokersGone(SortedSet<int> gone)
    {
        Context.ShuttingDown.ExceptWith(gone);
        Context.FailedReplicas.RemoveWhere(r => gone.Contains(r.BrokerId));
        return OnReplicasOffline(Context.ReplicasOn(gone));
    }

    private async LoopTask OnBrokersCome(SortedSet<int> come)
    {
        // The others learn of the new brokers, the new ones of everything; then their replicas start, and may lead.
        UpdateMetadata(Context.Brokers.Keys.Where(id => !come.Contains(id)), []);
        UpdateAllMetadata(come);
        var replicas = Context.ReplicasOn(come);
        _replicas.Start([.. replicas.Where(r => Context.Replica(r).CanFire(ReplicaTrigger.Start))]);
        await _partitions.TriggerOnline();
        await _deletions.ResumeFor(replicas.Select(r => r.Partition.Topic).Distinct().Where(Context.Deletions.IsQueued));
    }

    /// <summary>Replicas can no longer serve: elect other leaders first, then take them out of the ISRs.</summary>
    private async LoopTask OnReplicasOffline(IReadOnlyList<PartitionReplica> replicas)
    {
        var leaderless = Context.Leadership
            .Where(p => !Context.Deletions.IsQueued(p.Key.Topic) && !Context.IsReplicaOnline(new PartitionReplica(p.Key, p.Value.Leader), includeShuttingDown: true))
            .Select(p => p.Key)
            .ToList();
        _partitions.Fire(leaderless, PartitionTrigger.LoseLeader);
        await _partitions.TriggerOnline();
        await _replicas.Stop([.. replicas.Where(r => !Context.Deletions.IsQueued(r.Partition.Topic))]);
        foreach (var partition in replicas.Select(r => r.Partition).Distinct().Where(p => !Context.Deletions.IsQueued(p.Topic) && _store.IsUnreadable(p))) Context.Forget(partition);
        await _deletions.Fail([.. replicas.Where(r => Context.Deletions.IsQueued(r.Partition.Topic))]);
        UpdateMetadata(Context.Brokers.Keys, []);
    }

    // What a broker's last life answered may still wait in the queue when its return has been seen: it is no answer to what was asked since.
    private bool IsOfThisLife(int broker, long epoch) => Context.Brokers.TryGetValue(broker, out var known) && known.Epoch == epoch;

    private LoopTask ProcessLeaderAndIsrResponse(ReignEvent.LeaderAndIsrResponseReceived received)
    {
        if (received.Response.ErrorCode != ErrorCode.None)
        {
            // A stale broker epoch: the broker has restarted and its registration tells so. A stale controller epoch: so have we.
            _log.LogWarning("Broker {Broker} refused LeaderAndIsr: {Error}", received.BrokerId, received.Response.ErrorCode);
            return LoopTask.Completed;
        }

        var failed = new List<PartitionReplica>();
        foreach (var partition in received.Response.PartitionErrors)
        {
            var replica = new PartitionReplica(new TopicPartition(partition.TopicName, partition.PartitionIndex), received.BrokerId);
            if (!Context.ReplicasOf(replica.Partition).Contains(replica.BrokerId)) continue; // it was not asked, or the replica has been taken from it since
            if (partition.ErrorCode == ErrorCode.KafkaStorageError && Context.FailedReplicas.Add(replica)) failed.Add(replica);
            else if (partition.ErrorCode == ErrorCode.None) Context.FailedReplicas.Remove(replica);
        }

        return failed.Count > 0 ? OnReplicasOffline(failed) : LoopTask.Completed;
    }
}
