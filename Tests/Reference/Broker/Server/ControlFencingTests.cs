using System;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Replication;
using Reference.Broker.Server;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Server;

/// <summary>
/// Orders of a controller that reigns no more, and orders to a registration that is over, change nothing at a broker: each of the three
/// requests is fenced for itself.
/// </summary>
public class ControlFencingTests
{
    private const string Topic = "orders";
    private static readonly TopicPartition s_partition = new(Topic, 0);

    [Theory]
    [InlineData(ApiKey.LeaderAndIsr)]
    [InlineData(ApiKey.StopReplica)]
    [InlineData(ApiKey.UpdateMetadata)]
    public void An_order_of_an_earlier_controller_is_refused_and_changes_nothing(ApiKey order) =>
        OrderIsRefused(order, ErrorCode.StaleControllerEpoch, static broker => (broker.Controller!.ControllerEpoch - 1, broker.Controller.BrokerEpoch));

    [Theory]
    [InlineData(ApiKey.LeaderAndIsr)]
    [InlineData(ApiKey.StopReplica)]
    [InlineData(ApiKey.UpdateMetadata)]
    public void An_order_to_an_earlier_registration_is_refused_and_changes_nothing(ApiKey order) =>
        OrderIsRefused(order, ErrorCode.StaleBrokerEpoch, static broker => (broker.Controller!.ControllerEpoch, broker.Controller.BrokerEpoch - 1));

    /// <summary>Sends an order with stale epochs and looks; then the same with the present ones, which must have an effect, or the first look would show nothing.</summary>
    private static void OrderIsRefused(ApiKey order, ErrorCode refusal, Func<BrokerServer, (int Controller, long Broker)> stale)
    {
        var kafka = InTheSecondReign();
        kafka.Run(async client =>
        {
            var broker = kafka.Servers[0]!;
            var before = Look(broker);
            var (controllerEpoch, brokerEpoch) = stale(broker);
            Assert.Equal(refusal, await Send(client, order, controllerEpoch, brokerEpoch));
            Assert.Equal(before, Look(broker));
            Assert.Equal(["kept"], RawClient.ValuesOf((await client.Fetch(1, Topic, 0)).Records));

            Assert.Equal(ErrorCode.None, await Send(client, order, broker.Controller!.ControllerEpoch, broker.Controller.BrokerEpoch));
            Assert.NotEqual(before, Look(broker));
        });
    }

    /// <summary>A broker that was controller, has restarted and is it again: there is an epoch of the past, and a registration of the past.</summary>
    private static SimKafka InTheSecondReign()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        kafka.Run(async client => { Assert.Equal(ErrorCode.None, (await client.Produce(await client.LeaderOf(1, Topic), Topic, -1, "kept")).ErrorCode); });
        kafka.Machines[0].Crash();
        kafka.Servers[0] = null;
        kafka.Machines[0].Restart();
        kafka.Await(() => kafka.Servers[0] is { Controller: { IsController: true, ControllerEpoch: 2 } } broker
            && broker.Partitions.TryGetValue(s_partition, out var partition) && partition.Role == ReplicaRole.Leader
            && broker.KnownLeader(s_partition) is { Leader: 1 });
        return kafka;
    }

    private static async LoopTask<ErrorCode> Send(RawClient client, ApiKey order, int controllerEpoch, long brokerEpoch) => order switch
    {
        ApiKey.LeaderAndIsr => (await client.Call<LeaderAndIsrRequest, LeaderAndIsrResponse>(1, Follow(controllerEpoch, brokerEpoch), 4)).ErrorCode,
        ApiKey.StopReplica => (await client.Call<StopReplicaRequest, StopReplicaResponse>(1, Delete(controllerEpoch, brokerEpoch), 3)).ErrorCode,
        ApiKey.UpdateMetadata => (await client.Call<UpdateMetadataRequest, UpdateMetadataResponse>(1, Elsewhere(controllerEpoch, brokerEpoch), 6)).ErrorCode,
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "It is no order of a controller."),
    };

    /// <summary>Takes the leadership away and makes a second replica.</summary>
    private static LeaderAndIsrRequest Follow(int controllerEpoch, long brokerEpoch) => new()
    {
        ControllerId = 7,
        ControllerEpoch = controllerEpoch,
        BrokerEpoch = brokerEpoch,
        TopicStates =
        [
            new()
            {
                TopicName = Topic,
                PartitionStates = [.. Enumerable.Range(0, 2).Select(partition => new LeaderAndIsrRequest.LeaderAndIsrPartitionState
                {
                    PartitionIndex = partition, ControllerEpoch = controllerEpoch, Leader = 7, LeaderEpoch = 1000, Isr = [7], Replicas = [1, 7],
                })],
            },
        ],
    };

    private static StopReplicaRequest Delete(int controllerEpoch, long brokerEpoch) => new()
    {
        ControllerId = 7,
        ControllerEpoch = controllerEpoch,
        BrokerEpoch = brokerEpoch,
        TopicStates = [new() { TopicName = Topic, PartitionStates = [new() { PartitionIndex = 0, LeaderEpoch = 1000, DeletePartition = true }] }],
    };

    /// <summary>Names other brokers and another leader. It is an increment: a full one would be told twice to one registration.</summary>
    private static UpdateMetadataRequest Elsewhere(int controllerEpoch, long brokerEpoch) => new()
    {
        ControllerId = 7,
        ControllerEpoch = controllerEpoch,
        BrokerEpoch = brokerEpoch,
        LiveBrokers = [new() { Id = 7, Endpoints = [new() { Host = "elsewhere", Port = 1, Listener = BrokerServer.ListenerName }] }],
        TopicStates =
        [
            new()
            {
                TopicName = Topic,
                PartitionStates = [new() { PartitionIndex = 0, ControllerEpoch = controllerEpoch, Leader = 7, LeaderEpoch = 1000, Isr = [7], Replicas = [1, 7] }],
            },
        ],
    };

    /// <summary>All that such orders could change: replicas, their roles, epochs and logs, and what is answered to Metadata.</summary>
    private static string Look(BrokerServer broker)
    {
        var replicas = broker.Partitions.Select(p => $"{p.Key} {p.Value.Role} in epoch {p.Value.LeaderEpoch} to {broker.Log(p.Key)?.LogEndOffset}");
        var metadata = broker.Metadata;
        return $"{string.Join(", ", replicas)}; controller {metadata.ControllerId}, brokers [{string.Join(", ", metadata.Brokers.Keys)}], "
            + $"topics [{string.Join(", ", metadata.Topics)}], led by {broker.KnownLeader(s_partition)}";
    }
}
