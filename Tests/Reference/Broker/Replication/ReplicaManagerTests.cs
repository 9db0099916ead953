using System;
using System.Collections.Generic;
using Reference.Broker;
using Reference.Broker.Configuration;
using Reference.Broker.Replication;
using Reference.Broker.Znodes;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Tests.Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Broker.Replication;

/// <summary>The controller's orders, and the end of those under way when the broker stops.</summary>
public class ReplicaManagerTests
{
    private static readonly BrokerConfig s_config = new() { BrokerId = 1 };

    [Fact]
    public void It_stops_though_an_order_waits_for_a_store_that_is_gone()
    {
        var box = new StorageBox();
        box.Run(async node =>
        {
            var manager = await Create(box, node, _ => new LoopPromise<TopicConfig>().Task);
            var order = manager.BecomeLeaderOrFollower(LeaderAndIsr(0, 1));
            await node.Clock.Delay(TimeSpan.FromMinutes(1));
            await manager.Stop();
            Assert.All((await order).PartitionErrors, e => Assert.Equal(ErrorCode.BrokerNotAvailable, e.ErrorCode));
            Assert.Empty(manager.Partitions);
        });
    }

    [Fact]
    public void A_topic_is_gone_with_the_last_of_its_logs()
    {
        var gone = new List<string>();
        var box = new StorageBox();
        box.Run(async node =>
        {
            var manager = await Create(box, node, _ => LoopTask.FromResult(TopicConfig.DefaultsOf(s_config)));
            manager.TopicGone = gone.Add;
            await manager.BecomeLeaderOrFollower(LeaderAndIsr(0, 1));
            await manager.StopReplicas(StopReplica(0, delete: true));
            await manager.StopReplicas(StopReplica(1, delete: false));
            Assert.Empty(gone);
            await manager.StopReplicas(StopReplica(1, delete: true));
        });
        Assert.Equal(["orders"], gone);
    }

    private static async LoopTask<ReplicaManager> Create(StorageBox box, Node node, Func<string, LoopTask<TopicConfig>> configOf)
    {
        var context = new ReplicationContext(node, 1, s_config, BrokerDecisions.Kafka, new NoStore());
        var manager = new ReplicaManager(context, await box.Load(node), configOf, _ => true, _ => null);
        manager.Start();
        return manager;
    }

    private static LeaderAndIsrRequest LeaderAndIsr(params int[] partitions) => new()
    {
        ControllerEpoch = 1,
        TopicStates =
        [
            new()
            {
                TopicName = "orders",
                PartitionStates = [.. Array.ConvertAll(partitions, p => new LeaderAndIsrRequest.LeaderAndIsrPartitionState
                {
                    PartitionIndex = p, ControllerEpoch = 1, Leader = 1, LeaderEpoch = 0, Isr = [1], Replicas = [1],
                })],
            },
        ],
    };

    private static StopReplicaRequest StopReplica(int partition, bool delete) => new()
    {
        ControllerEpoch = 1,
        DeletePartitions = delete,
        Topics = [new() { Name = "orders", PartitionIndexes = [partition] }],
    };

    private sealed class NoStore : IIsrStore
    {
        public LoopTask<PartitionUpdate> UpdatePartitionState(TopicPartition partition, PartitionStateZnode wished) => LoopTask.FromResult(new PartitionUpdate(false, -1));

        public LoopTask PropagateIsrChanges(IReadOnlyList<TopicPartition> partitions) => LoopTask.Completed;
    }
}
