using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Configuration;
using Reference.Broker.Replication;
using Reference.Broker.Storage;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Wire.Messages;
using Simulator.Platform;
using Tests.Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Broker.Replication;

/// <summary>Logs that nobody wants any more are set aside when the controller has named all partitions, and not before it is certain.</summary>
public class StrayReplicaTests
{
    private const long Registration = 7;
    private static readonly BrokerConfig s_config = new() { BrokerId = 1 };

    [Fact]
    public void A_log_of_a_partition_that_has_moved_away_goes_whether_it_has_a_role_or_not() => Run(async (logs, manager) =>
    {
        await manager.BecomeLeaderOrFollower(Lead(0));
        await manager.RemoveStrays(Update(1, (0, [2, 3]), (1, [2, 3]), (2, [1, 2])));
        Assert.Equal(["orders-2"], Names(logs));
        Assert.Empty(manager.Partitions);
    });

    [Fact]
    public void Its_files_stay_under_another_name_now_and_after_later_starts()
    {
        var box = new StorageBox();
        byte[] records = [];
        box.Run(async node =>
        {
            var logs = await box.Load(node);
            var manager = Manager(node, logs, "payments");
            var log = await logs.GetOrCreate(new TopicPartition("orders", 0));
            await log.StartLeading(1);
            await log.AppendAsLeader(Batches.Of("kept"), 1);
            records = await node.Disk.ReadAllBytes("/data/orders-0/00000000000000000000.log");
            await manager.RemoveStrays(Update(1, (0, [2])));
            Assert.Empty(logs.Logs);
            await node.Clock.Delay(TimeSpan.FromMinutes(5));
        });
        var stray = Assert.Single(box.List("/data"), n => n.StartsWith("orders-0", StringComparison.Ordinal));
        Assert.Matches("^orders-0\\.[0-9a-f]{32}-stray$", stray);
        box.Run(async node =>
        {
            var (remembering, lines) = StorageBox.Remembering(node);
            var logs = await box.Load(remembering);
            Assert.Empty(logs.Logs);
            Assert.Contains(lines.Lines, l => l.StartsWith($"Warning: /data/{stray} holds a partition's log that was set aside", StringComparison.Ordinal));
            Assert.Equal(0, (await logs.GetOrCreate(new TopicPartition("orders", 0))).LogEndOffset);
        });
        Assert.Equal(records, box.Bytes($"/data/{stray}/00000000000000000000.log"));
    }

    [Fact]
    public void One_of_which_the_controller_does_not_speak_goes_if_its_topic_is_not_in_the_store()
    {
        Run(async (logs, manager) =>
        {
            await manager.RemoveStrays(Update(1, (0, [1])));
            Assert.Equal(["orders-0"], Names(logs));
        });
        Run(
            async (logs, manager) =>
            {
                await manager.RemoveStrays(Update(1, (0, [1])));
                Assert.Equal(3, Names(logs).Count);
            },
            inStore: "orders");
    }

    [Fact]
    public void Nothing_goes_while_the_store_does_not_answer() => Run(
        async (logs, manager) =>
        {
            await manager.RemoveStrays(Update(1));
            Assert.Equal(3, Names(logs).Count);
        },
        inStore: null);

    [Fact]
    public void Only_the_first_full_update_of_a_reign_or_a_registration_counts() => Run(async (logs, manager) =>
    {
        await manager.RemoveStrays(Update(2, (0, [1]), (1, [1]), (2, [1])));
        await manager.RemoveStrays(Update(2, (0, [2]), (1, [2]), (2, [2])));
        await manager.RemoveStrays(Update(1, (0, [2]), (1, [2]), (2, [2])));
        Assert.Equal(3, Names(logs).Count);
        var partial = Update(3, (0, [2]));
        partial.Type = 0;
        await manager.RemoveStrays(partial);
        Assert.Equal(3, Names(logs).Count);
        var registered = Update(2, (0, [1]), (1, [2]), (2, [1]));
        registered.BrokerEpoch = Registration + 1;
        await manager.RemoveStrays(registered);
        Assert.Equal(["orders-0", "orders-2"], Names(logs));
    });

    private static void Run(Func<LogManager, ReplicaManager, LoopTask> act, string? inStore = "payments")
    {
        var box = new StorageBox();
        box.Run(async node =>
        {
            var logs = await box.Load(node);
            for (var partition = 0; partition < 3; partition++) await logs.GetOrCreate(new TopicPartition("orders", partition));
            await act(logs, Manager(node, logs, inStore));
        });
    }

    private static ReplicaManager Manager(Node node, LogManager logs, string? inStore)
    {
        var context = new ReplicationContext(node, 1, s_config, BrokerDecisions.Kafka, new NoStore());
        return new ReplicaManager(context, logs, _ => LoopTask.FromResult(TopicConfig.DefaultsOf(s_config)), _ => true, _ => null)
        {
            TopicsInStore = () => inStore is null
                ? throw new CoordinationException(CoordinationError.ConnectionLoss, "gone")
                : LoopTask.FromResult<IReadOnlyList<string>>([inStore]),
        };
    }

    private static List<string> Names(LogManager logs) => [.. logs.Logs.Select(l => l.Partition.ToString())];

    private static UpdateMetadataRequest Update(int controllerEpoch, params (int Partition, int[] Replicas)[] partitions) => new()
    {
        ControllerEpoch = controllerEpoch,
        BrokerEpoch = Registration,
        Type = UpdateMetadataRequest.FullUpdate,
        TopicStates =
        [
            new()
            {
                TopicName = "orders",
                PartitionStates = [.. partitions.Select(p => new UpdateMetadataRequest.UpdateMetadataPartitionState { PartitionIndex = p.Partition, Replicas = [.. p.Replicas] })],
            },
        ],
    };

    private static LeaderAndIsrRequest Lead(int partition) => new()
    {
        ControllerEpoch = 1,
        TopicStates =
        [
            new()
            {
                TopicName = "orders",
                PartitionStates = [new() { PartitionIndex = partition, ControllerEpoch = 1, Leader = 1, LeaderEpoch = 0, Isr = [1], Replicas = [1] }],
            },
        ],
    };

    private sealed class NoStore : IIsrStore
    {
        public LoopTask<PartitionUpdate> UpdatePartitionState(TopicPartition partition, PartitionStateZnode wished) => LoopTask.FromResult(new PartitionUpdate(false, -1));

        public LoopTask<long?> BrokerEpoch(int brokerId) => LoopTask.FromResult<long?>(null);

        public LoopTask PropagateIsrChanges(IReadOnlyList<TopicPartition> partitions) => LoopTask.Completed;
    }
}
