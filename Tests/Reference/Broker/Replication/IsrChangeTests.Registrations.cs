using System;
using System.Collections.Generic;
using Reference.Broker.Replication;
using Reference.Broker.Znodes;
using Reference.Wire;
using Simulator.Platform;
using Tests.Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Broker.Replication;

/// <content>In which registration of its broker a replica is in sync (KIP-903).</content>
public partial class IsrChangeTests
{
    /// <summary>KIP-903: its run before had all that the leader has, and may have taken it to the grave.</summary>
    [Fact]
    public void A_fetch_that_waited_on_its_way_until_its_broker_had_restarted_brings_nobody_into_the_ISR()
    {
        var store = Granting();
        store.Epochs[2] = 30; // the leader has not heard of it
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0, brokerEpoch: 20);
            await node.Clock.Delay(TimeSpan.FromSeconds(2));
            Assert.Empty(store.Writes);
            Assert.Equal([1], partition.Isr!.Maximal);
            var late = Assert.Throws<ReplicaException>(() => partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0, brokerEpoch: 20));
            Assert.Equal(ErrorCode.StaleBrokerEpoch, late.Code);
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0, brokerEpoch: 30);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
        });
        Assert.Equal(["epoch 1 version 5 ISR 1@10,2@30"], store.Writes);
    }

    [Fact]
    public void A_broker_that_is_not_registered_does_not_join_until_it_is()
    {
        var store = Granting();
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0, brokerEpoch: 20);
            await node.Clock.Delay(TimeSpan.FromSeconds(2));
            Assert.Empty(store.Writes);
            store.Epochs[2] = 20;
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0, brokerEpoch: 20);
            await node.Clock.Delay(TimeSpan.FromSeconds(2));
        });
        Assert.Equal(["epoch 1 version 5 ISR 1@10,2@20"], store.Writes);
    }

    /// <summary>While there is no controller nobody else sees that a member of the ISR has restarted.</summary>
    [Fact]
    public void A_member_that_restarted_counts_for_nothing_until_it_has_fetched_and_is_then_in_sync_in_its_new_registration()
    {
        var store = Granting();
        store.Epochs[2] = 30;
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await LeadWithOneRecord(partition, isr: [1, 2, 3], epochs: [10, 20, 25]);
            partition.FollowerFetched(2, fetchOffset: 1, leaderEnd: 1, brokerEpoch: 20);
            Assert.Equal(1, partition.Leadership!.Follower(2)!.LogEndOffset);

            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 1, brokerEpoch: 30); // it came back without its record
            Assert.Throws<ReplicaException>(() => partition.FollowerFetched(2, fetchOffset: 1, leaderEnd: 1, brokerEpoch: 20));
            partition.FollowerFetched(3, fetchOffset: 1, leaderEnd: 1, brokerEpoch: 25);
            Assert.Equal(0, partition.HighWatermark);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            partition.FollowerFetched(2, fetchOffset: 1, leaderEnd: 1, brokerEpoch: 30);
            Assert.Equal(1, partition.HighWatermark);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
        });
        Assert.Equal(["epoch 1 version 5 ISR 1@10,2@30,3@25"], store.Writes);
    }

    [Fact]
    public void Who_stays_in_the_ISR_stays_there_in_the_registration_in_which_it_was_found_in_sync()
    {
        var store = Granting();
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await LeadWithOneRecord(partition, isr: [1, 2, 3], epochs: [7, 20, 25]);
            for (var second = 0; second < 60; second++)
            {
                partition.FollowerFetched(2, fetchOffset: 1, leaderEnd: 1, brokerEpoch: 20);
                await node.Clock.Delay(TimeSpan.FromSeconds(1));
                partition.CheckIsr();
            }
        });
        Assert.Equal(["epoch 1 version 5 ISR 1@10,2@20"], store.Writes);
    }

    /// <summary>Anybody can fetch in a broker's name: who is right when two do is asked of the store.</summary>
    [Fact]
    public void A_fetch_in_an_epoch_that_never_was_keeps_its_broker_out_no_longer_than_the_store_takes_to_answer()
    {
        var store = Granting();
        store.Epochs[2] = 20;
        store.Epochs[3] = 25;
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await LeadWithOneRecord(partition, isr: [1, 2], epochs: [10, 20]);
            partition.FollowerFetched(3, fetchOffset: 0, leaderEnd: 1, brokerEpoch: long.MaxValue);
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 1, brokerEpoch: long.MaxValue);
            for (var second = 0; second < 3; second++)
            {
                foreach (var (broker, epoch) in store.Epochs)
                {
                    try
                    {
                        partition.FollowerFetched(broker, fetchOffset: 1, leaderEnd: 1, brokerEpoch: epoch);
                    }
                    catch (ReplicaException e) when (second == 0)
                    {
                        Assert.Equal(ErrorCode.StaleBrokerEpoch, e.Code);
                    }
                }

                await node.Clock.Delay(TimeSpan.FromSeconds(2));
            }

            Assert.Equal((1L, 20L), (partition.HighWatermark, partition.Leadership!.Follower(2)!.BrokerEpoch));
        });
        Assert.Equal(["epoch 1 version 5 ISR 1@10,2@20,3@25"], store.Writes);
    }

    /// <summary>Until a later registration is confirmed it is believed: what the earlier run says may be of records that are lost.</summary>
    [Fact]
    public void A_fetch_of_the_run_before_does_not_count_while_the_store_is_silent()
    {
        var silence = new LoopPromise<long?>();
        var store = new RecordingStore { KnowsEpochs = true, Look = _ => silence.Task };
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await LeadWithOneRecord(partition, isr: [1, 2], epochs: [10, 20]);
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 1, brokerEpoch: 30);
            Assert.Throws<ReplicaException>(() => partition.FollowerFetched(2, fetchOffset: 1, leaderEnd: 1, brokerEpoch: 20));
            Assert.Equal(0, partition.HighWatermark);
            partition.FollowerFetched(2, fetchOffset: 1, leaderEnd: 1, brokerEpoch: 30);
            Assert.Equal(1, partition.HighWatermark);
        });
    }

    /// <summary>Whoever wants to join and may not, again and again, is no reason to wait for one that has fallen back.</summary>
    [Fact]
    public void A_follower_that_cannot_join_does_not_keep_another_in_the_ISR()
    {
        var store = Granting();
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await LeadWithOneRecord(partition, isr: [1, 3], epochs: [10, 25]);
            for (var second = 0; second < 60; second++)
            {
                partition.FollowerFetched(2, fetchOffset: 1, leaderEnd: 1, brokerEpoch: 20); // it is not registered
                partition.CheckIsr();
                await node.Clock.Delay(TimeSpan.FromSeconds(1));
            }

            Assert.Equal(1, partition.HighWatermark);
            Assert.InRange(store.Looks, 2, 61);
        });
        Assert.Equal(["epoch 1 version 5 ISR 1@10"], store.Writes);
    }

    [Fact]
    public void A_join_is_proposed_when_the_store_has_said_yes_and_counts_from_then_on()
    {
        var answer = new LoopPromise<long?>();
        var written = new LoopPromise<PartitionUpdate>();
        var store = new RecordingStore { KnowsEpochs = true, Look = _ => answer.Task, Write = _ => written.Task };
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            for (var i = 0; i < 3; i++) partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0, brokerEpoch: 20);
            Assert.Equal((1, false), (store.Looks, partition.Isr!.IsChanging));
            answer.TrySetResult(20);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal([1, 2], partition.Isr!.Maximal);
            await partition.Append(RawBatch(), acks: 1);
            await node.Clock.Delay(TimeSpan.FromMinutes(2)); // it is long silent: only the proposal holds the high watermark back
            partition.CheckIsr();
            Assert.Equal(0, partition.HighWatermark);
            written.TrySetResult(new PartitionUpdate(true, 6));
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal([1, 2], partition.Isr!.Committed);
        });
        Assert.Equal(["epoch 1 version 5 ISR 1@10,2@20"], store.Writes);
    }

    [Fact]
    public void One_that_has_fallen_back_while_the_store_was_asked_does_not_join()
    {
        var answer = new LoopPromise<long?>();
        var store = new RecordingStore { KnowsEpochs = true, Look = _ => answer.Task };
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0, brokerEpoch: 20);
            await node.Clock.Delay(TimeSpan.FromMinutes(2));
            await partition.Append(RawBatch(), acks: 1);
            Assert.Equal(1, partition.HighWatermark);
            answer.TrySetResult(20);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
        });
        Assert.Empty(store.Writes);
    }

    /// <summary>A store that knows who is registered, and grants every change of the ISR.</summary>
    private static RecordingStore Granting() => new() { KnowsEpochs = true, Answer = wished => new PartitionUpdate(true, wished.ZkVersion + 1) };

    private static async LoopTask LeadWithOneRecord(Partition partition, List<int> isr, List<long> epochs)
    {
        var state = State(leaderEpoch: 1, zkVersion: 5);
        (state.Isr, state.IsrEpochs) = (isr, epochs);
        await partition.Lead(state);
        await partition.Append(RawBatch(), acks: 1);
    }
}
