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

/// <summary>Logs that nobody wants any more go when the controller has named all partitions, and not before it is certain.</summary>
public class StrayReplicaTests
{
    private const long Registration = 7;
    private static readonly BrokerConfig s_config = new() { BrokerId = 1 };

    [Fact]
    public void A_log_of_a_partition_that_has_moved_away_is_deleted_whether_it_has_a_role_or_not() => Run(async (logs, manager) =>
    {
        await manager.BecomeLeaderOrFollower(Lead(0));
        await manager.RemoveStrays(Update(1, (0, [2, 3]), (1, [2, 3]), (2, [1, 2])));
        Assert.Equal(["orders-2"], Names(logs));
        Assert.Empty(manager.Partitions);
    });

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
            var context = new ReplicationContext(node, 1, s_config, BrokerDecisions.Kafka, new NoStore());
            var manager = new ReplicaManager(context, logs, _ => LoopTask.FromResult(TopicConfig.DefaultsOf(s_config)), _ => true, _ => null)
            {
                TopicsInStore = () => inStore is null
                    ? throw new CoordinationException(CoordinationError.ConnectionLoss, "gone")
                    : LoopTask.FromResult<IReadOnlyList<string>>([inStore]),
            };
            await act(logs, manager);
        });
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
