using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Controller;

internal sealed partial class ControllerReign
{
    /// <summary>
    /// Relieves a broker that wants to stop: its leaderships move, its followers stop and leave the ISRs. Answers with what it
    /// still leads, for instance where no other replica is in sync; the broker asks again.
    /// </summary>
    public async LoopTask<ControlledShutdownResponse> ShutDown(int brokerId, long brokerEpoch)
    {
        if (!Context.Brokers.TryGetValue(brokerId, out var broker)) return new ControlledShutdownResponse { ErrorCode = ErrorCode.BrokerNotAvailable };
        if (brokerEpoch != -1 && brokerEpoch < broker.Epoch) return new ControlledShutdownResponse { ErrorCode = ErrorCode.StaleBrokerEpoch };
        Context.ShuttingDown.Add(brokerId);
        var own = new SortedSet<int> { brokerId };
        var replicas = Context.ReplicasOn(own)
            .Where(r => Context.ReplicasOf(r.Partition).Count > 1 && Context.Leadership.ContainsKey(r.Partition) && !Context.Deletions.IsQueued(r.Partition.Topic))
            .ToList();
        await _partitions.Elect([.. replicas.Where(Leads).Select(r => r.Partition)], ElectionStrategy.ControlledShutdown);

        // The former leaders among them have left their ISR in the election and follow until the broker stops.
        await _replicas.Stop([.. replicas.Where(r => !Leads(r) && Context.Replica(r).CanFire(ReplicaTrigger.Stop))]);
        var remaining = replicas.Where(Leads).Select(r => r.Partition).ToList();
        _log.LogInformation("Broker {Broker} shuts down and still leads [{Partitions}]", brokerId, string.Join(", ", remaining));
        return new ControlledShutdownResponse
        {
            RemainingPartitions = [.. remaining.Select(p => new ControlledShutdownResponse.RemainingPartition { TopicName = p.Topic, PartitionIndex = p.Partition })],
        };
    }

    private bool Leads(PartitionReplica replica) => Context.Leadership[replica.Partition].Leader == replica.BrokerId;

    /// <summary>Gives leadership back to preferred replicas where too much of it has strayed from a broker.</summary>
    private async LoopTask BalanceLeaders()
    {
        var byPreferred = Context.Leadership.Keys
            .Where(p => !Context.Deletions.IsQueued(p.Topic) && Context.ReplicasOf(p).Count > 0 && !Context.AssignmentOf(p).IsBeingReassigned)
            .GroupBy(p => Context.ReplicasOf(p)[0])
            .OrderBy(g => g.Key)
            .Select(g => (Broker: g.Key, Partitions: g.ToList()))
            .ToList();
        foreach (var (broker, partitions) in byPreferred)
        {
            var strayed = partitions.Where(p => Context.Leadership[p].Leader != broker).ToList();
            if (strayed.Count * 100 <= partitions.Count * _config.LeaderImbalancePerBrokerPercentage) continue;
            List<TopicPartition> ready = [.. strayed.Where(p => CanReturn(p, broker))];
            if (ready.Count > 0) await _partitions.Elect(ready, ElectionStrategy.Preferred);
        }
    }

    private bool CanReturn(TopicPartition partition, int broker) =>
        Context.IsReplicaOnline(new PartitionReplica(partition, broker)) && Context.Leadership[partition].Isr.Contains(broker);
}
