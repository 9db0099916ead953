using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Znodes;
using Simulator.Platform;
using Tests.Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Broker.Replication;

/// <content>What a leader does when its change of the ISR finds something else in the store than it knows of.</content>
public partial class IsrChangeTests
{
    /// <summary>Nobody watches the state of a partition: no LeaderAndIsr would come, and the ISR would never change again.</summary>
    [Fact]
    public void What_a_hand_has_written_counts_and_the_change_is_written_against_that()
    {
        var answers = new Queue<PartitionUpdate>(
        [
            new PartitionUpdate(false, -1) { Standing = new PartitionStateZnode(1, 1, [3, 1], 1, 9) },
            new PartitionUpdate(true, 10),
        ]);
        var store = new RecordingStore { Answer = _ => answers.Dequeue() };
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            Assert.False(partition.Isr!.IsChanging);
            Assert.Equal([3, 1], partition.Isr.Committed);
            partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal([3, 1, 2], partition.Isr!.Committed);
        });
        Assert.Equal(["epoch 1 version 5 ISR 1,2", "epoch 1 version 9 ISR 3,1,2"], store.Writes);
    }

    /// <summary>Another leads, a later epoch has begun, a later controller has written, the leader is not in the ISR, or it is the leader's own (KAFKA-1382).</summary>
    [Theory]
    [InlineData(2, 1, "1", 1, 9)]
    [InlineData(1, 2, "1", 1, 9)]
    [InlineData(1, 0, "1", 1, 9)]
    [InlineData(1, 1, "1", 2, 9)]
    [InlineData(1, 1, "2", 1, 9)]
    [InlineData(1, 1, "1,2", 1, 6)]
    public void What_somebody_else_may_have_written_is_waited_for(int leader, int leaderEpoch, string isr, int controllerEpoch, int version)
    {
        var standing = new PartitionStateZnode(leader, leaderEpoch, [.. isr.Split(',').Select(int.Parse)], controllerEpoch, version);
        var store = new RecordingStore { Answer = _ => new PartitionUpdate(false, -1) { Standing = standing } };
        var box = new StorageBox();
        box.Run(async node =>
        {
            var partition = await Create(box, node, store);
            await partition.Lead(State(leaderEpoch: 1, zkVersion: 5));
            for (var i = 0; i < 3; i++)
            {
                partition.FollowerFetched(2, fetchOffset: 0, leaderEnd: 0);
                await node.Clock.Delay(TimeSpan.FromSeconds(1));
            }

            Assert.Equal([1], partition.Isr!.Committed);
            Assert.Equal([1, 2], partition.Isr.Maximal);
        });
        Assert.Equal(["epoch 1 version 5 ISR 1,2"], store.Writes);
    }
}
