using System.Collections.Generic;
using Reference.Broker;
using Reference.Broker.Configuration;
using Reference.Broker.Replication;
using Reference.Broker.Znodes;
using Simulator.Platform;
using Tests.Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Broker.Replication;

/// <summary>Whom a leader waits for.</summary>
public class LeaderStateTests
{
    /// <summary>Found by seed 40 of the scenario reassignment: it could still be elected, without records that had been acknowledged.</summary>
    [Fact]
    public void A_member_of_the_ISR_that_has_left_the_assignment_is_waited_for_and_does_not_come_back_once_it_is_out() => new StorageBox().Run(node =>
    {
        var context = new ReplicationContext(node, 1, new BrokerConfig { BrokerId = 1 }, BrokerDecisions.Kafka, new NoStore()) { IsAlive = _ => true };
        var before = new LeaderState(context, 1, 0, isr: [1, 2, 3], 0, replicas: [1, 2, 3], previous: null);
        var leaving = new LeaderState(context, 2, 0, isr: [1, 2, 3], 1, replicas: [1, 2], before);
        leaving.Follower(2)!.Fetched(10, 10, 0);
        leaving.Follower(3)!.Fetched(7, 10, 0);
        Assert.Equal(7, leaving.ComputeHighWatermark(10));

        leaving.Isr = InSyncReplicas.Of([1, 2]);
        leaving.Follower(3)!.Fetched(10, 10, 0);
        Assert.Null(leaving.ExpandedIsr(leaving.Follower(3)!, 10));

        var left = new LeaderState(context, 3, 10, isr: [1, 2], 2, replicas: [1, 2], leaving);
        Assert.Null(left.Follower(3));
        Assert.Equal(10, left.ComputeHighWatermark(12)); // of the one that stays
        return LoopTask.Completed;
    });

    private sealed class NoStore : IIsrStore
    {
        public LoopTask<PartitionUpdate> UpdatePartitionState(TopicPartition partition, PartitionStateZnode wished) => LoopTask.FromResult(new PartitionUpdate(false, -1));

        public LoopTask<long?> BrokerEpoch(int brokerId) => LoopTask.FromResult<long?>(null);

        public LoopTask PropagateIsrChanges(IReadOnlyList<TopicPartition> partitions) => LoopTask.Completed;
    }
}
