using System;
using System.Collections.Generic;
using Reference.Broker;
using Reference.Broker.Configuration;
using Reference.Broker.Replication;
using Reference.Broker.Znodes;
using Reference.Wire.Messages;
using Simulator.Platform;
using Tests.Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Broker.Replication;

/// <summary>A leader's changes of its ISR, as they arrive at the store.</summary>
public class IsrChangeTests
{
    /// <summary>
    /// Found by seed 68: a fetch that came while the leader passed from one epoch to the next wrote the old epoch against the new
    /// version of the znode, and the leader epoch in the store fell.
    /// </summary>
    [Fact]
    public void A_change_begun_between_two_leader_epochs_is_written_against_the_version_of_its_own_epoch()
    {
        var store = new RecordingStore();
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            var passing = partition.Lead(State(leaderEpoch: 2, zkVersion: 9)); // waits for the disk
            Assert.Equal((2, 1), (partition.LeaderEpoch, partition.Leadership!.Epoch));
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0);
            await passing;
            partition.FollowerFetched(3, fetchOffset: 0, leaderEnd: 0);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
        });
        Assert.Equal(["epoch 1 version 5 ISR 1,2", "epoch 2 version 9 ISR 1,3"], store.Writes);
    }

    [Fact]
    public void The_next_change_of_an_epoch_is_written_against_the_version_that_the_last_one_gave()
    {
        var store = new RecordingStore { Answer = wished => new PartitionUpdate(true, wished.ZkVersion + 1) };
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            partition.FollowerFetched(3, fetchOffset: 0, leaderEnd: 0);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal([1, 2, 3], partition.Isr!.Committed);
        });
        Assert.Equal(["epoch 1 version 5 ISR 1,2", "epoch 1 version 6 ISR 1,2,3"], store.Writes);
    }

    [Fact]
    public void After_a_refusal_nothing_more_is_written_in_that_epoch()
    {
        var store = new RecordingStore();
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            for (var i = 0; i < 3; i++)
            {
                partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0);
                partition.FollowerFetched(3, fetchOffset: 0, leaderEnd: 0);
                await node.Clock.Delay(TimeSpan.FromSeconds(1));
            }

            Assert.Equal([1], partition.Isr!.Committed);
            Assert.Equal([1, 2], partition.Isr.Maximal); // the high watermark waits for whoever may have joined
        });
        Assert.Equal(["epoch 1 version 5 ISR 1,2"], store.Writes);
    }

    private static async LoopTask<Partition> Create(StorageBox box, Node node, IIsrStore store)
    {
        var config = new BrokerConfig { BrokerId = 1 };
        var log = await (await box.Load(node)).GetOrCreate(StorageBox.Orders);
        return new Partition(StorageBox.Orders, new ReplicationContext(node, 1, config, BrokerDecisions.Kafka, store), log, TopicConfig.DefaultsOf(config));
    }

    private static LeaderAndIsrRequest.LeaderAndIsrPartitionState State(int leaderEpoch, int zkVersion) => new()
    {
        ControllerEpoch = 1,
        Leader = 1,
        LeaderEpoch = leaderEpoch,
        Isr = [1],
        ZkVersion = zkVersion,
        Replicas = [1, 2, 3],
    };

    /// <summary>Refuses every change unless told otherwise, as the store does to one who does not know its version.</summary>
    private sealed class RecordingStore : IIsrStore
    {
        public List<string> Writes { get; } = [];

        public Func<PartitionStateZnode, PartitionUpdate> Answer { get; init; } = _ => new PartitionUpdate(false, 0);

        public LoopTask<PartitionUpdate> UpdatePartitionState(TopicPartition partition, PartitionStateZnode wished)
        {
            Writes.Add($"epoch {wished.LeaderEpoch} version {wished.ZkVersion} ISR {string.Join(',', wished.Isr)}");
            return LoopTask.FromResult(Answer(wished));
        }

        public LoopTask PropagateIsrChanges(IReadOnlyList<TopicPartition> partitions) => LoopTask.Completed;
    }
}
