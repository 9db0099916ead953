using System;
using System.Collections.Generic;
using Reference.Broker;
using Reference.Broker.Configuration;
using Reference.Broker.Replication;
using Reference.Broker.Storage;
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

    /// <summary>KAFKA-8813.</summary>
    [Fact]
    public void Options_that_change_while_a_replica_is_being_made_are_heeded()
    {
        var box = new StorageBox();
        box.Run(async node =>
        {
            var (slow, disk) = FailingDisk.Under(node);
            var logs = new LogManager(slow, ["/one"], _ => LogConfig.Default);
            await logs.VerifyIdentity(1, "c");
            await logs.Load();
            var manager = Create(slow, logs, _ => LoopTask.FromResult(TopicConfig.DefaultsOf(s_config)));
            var changed = TopicConfig.DefaultsOf(s_config) with { MinInsyncReplicas = 2 };
            disk.Fails = (_, _) =>
            {
                if (manager.Holds("orders")) manager.Reconfigure("orders", changed);
                return null;
            };
            Assert.False(manager.Holds("orders"));
            await manager.BecomeLeaderOrFollower(Order(0, 1));
            Assert.Same(changed, manager.Find(new TopicPartition("orders", 0)).Config);
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

    [Fact]
    public void The_failure_of_a_directory_gives_up_its_replicas_alone_and_is_told_once()
    {
        var box = new StorageBox();
        box.Run(async node =>
        {
            var (failing, disk) = FailingDisk.Under(node);
            var logs = new LogManager(failing, ["/one", "/two"], _ => LogConfig.Default);
            await logs.VerifyIdentity(1, "c");
            await logs.Load();
            var manager = Create(failing, logs, _ => LoopTask.FromResult(TopicConfig.DefaultsOf(s_config)));
            List<string> told = [];
            manager.DirectoryFailed = (directory, lost) => told.Add($"{directory.Path}: {string.Join(' ', lost)}");
            manager.AllDirectoriesFailed = directory => told.Add($"all, at last {directory.Path}");
            for (var partition = 0; partition < 3; partition++) await manager.BecomeLeaderOrFollower(Order(partition, 1));

            disk.Fails = (_, path) => path.StartsWith("/one", StringComparison.Ordinal) ? DiskError.Io : null;
            var outcome = await manager.BecomeLeaderOrFollower(Order(0, 2));
            Assert.Equal(ErrorCode.KafkaStorageError, outcome.PartitionErrors[0].ErrorCode);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal(["/one: orders-0 orders-2"], told);
            Assert.Equal(ErrorCode.KafkaStorageError, Assert.Throws<ReplicaException>(() => manager.Find(new TopicPartition("orders", 2)).EnsureServes(-1)).Code);
            manager.Find(new TopicPartition("orders", 1)).EnsureServes(-1);

            // One that is not new may be in the failed directory; a new one is made in the other.
            Assert.Equal(ErrorCode.KafkaStorageError, (await manager.BecomeLeaderOrFollower(Order(7, 1))).PartitionErrors[0].ErrorCode);
            var fresh = Order(8, 1);
            fresh.TopicStates[0].PartitionStates[0].IsNew = true;
            Assert.Equal(ErrorCode.None, (await manager.BecomeLeaderOrFollower(fresh)).PartitionErrors[0].ErrorCode);
            Assert.Equal("/two/orders-8", manager.Find(new TopicPartition("orders", 8)).Log.Path);

            disk.Fails = (_, _) => DiskError.Io;
            await manager.BecomeLeaderOrFollower(Order(1, 3));
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal(["/two: orders-1 orders-8", "all, at last /two"], told[1..]);
        });
    }

    private static LeaderAndIsrRequest Order(int partition, int epoch)
    {
        var order = LeaderAndIsr(partition);
        order.TopicStates[0].PartitionStates[0].LeaderEpoch = epoch;
        return order;
    }

    private static async LoopTask<ReplicaManager> Create(StorageBox box, Node node, Func<string, LoopTask<TopicConfig>> configOf)
    {
        return Create(node, await box.Load(node), configOf);
    }

    private static ReplicaManager Create(Node node, LogManager logs, Func<string, LoopTask<TopicConfig>> configOf)
    {
        var context = new ReplicationContext(node, 1, s_config, BrokerDecisions.Kafka, new NoStore());
        var manager = new ReplicaManager(context, logs, configOf, _ => true, _ => null);
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

        public LoopTask<long?> BrokerEpoch(int brokerId) => LoopTask.FromResult<long?>(null);

        public LoopTask PropagateIsrChanges(IReadOnlyList<TopicPartition> partitions) => LoopTask.Completed;
    }
}
