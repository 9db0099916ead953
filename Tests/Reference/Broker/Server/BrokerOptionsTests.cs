using System.Linq;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Wire;
using Reference.Wire.Messages;
using Xunit;

namespace Tests.Reference.Broker.Server;

/// <summary>What is set for brokers while they run reaches them by its notification.</summary>
public class BrokerOptionsTests
{
    private static readonly global::Reference.Broker.TopicPartition s_orders = new("orders", 0);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_unclean_leader_is_elected_when_the_controllers_broker_or_all_are_told_to(bool onlyController)
    {
        var kafka = new SimKafka(3);
        kafka.AwaitRunning();
        kafka.Await(() => kafka.Servers.TrueForAll(static s => s!.Metadata.Brokers.Count == 3) && kafka.Servers.Exists(static s => s!.IsController));
        var controller = kafka.Servers.Find(static s => s!.IsController)!.BrokerId;
        int[] others = [.. Enumerable.Range(1, 3).Where(id => id != controller)];
        kafka.Run(async client =>
        {
            var topic = new CreateTopicsRequest.CreatableTopic { Name = "orders", NumPartitions = -1, ReplicationFactor = -1, Assignments = [new() { PartitionIndex = 0, BrokerIds = [.. others] }] };
            var answer = await client.Call<CreateTopicsRequest, CreateTopicsResponse>(controller, new CreateTopicsRequest { TimeoutMs = 10_000, Topics = [topic] }, 5);
            Assert.Equal(ErrorCode.None, answer.Topics.Single().ErrorCode);
        });
        kafka.Await(() => kafka.Servers[others[0] - 1]!.Partitions.TryGetValue(s_orders, out var p) && p.Isr is { Committed.Count: 2 });
        kafka.Machines[others[1] - 1].Crash();
        kafka.Await(() => kafka.Servers[others[0] - 1]!.Partitions[s_orders].Isr!.Committed.Count == 1);
        kafka.Machines[others[0] - 1].Crash();
        kafka.Servers[others[1] - 1] = null;
        kafka.Machines[others[1] - 1].Restart();
        kafka.Await(() => kafka.Servers[others[1] - 1] is { State: global::Reference.Broker.Lifecycle.BrokerState.RunningAsBroker });
        kafka.Await(() => kafka.Servers[controller - 1]!.Controller!.LiveBrokers.Contains(others[1]) && !kafka.Servers[controller - 1]!.Controller!.LiveBrokers.Contains(others[0]));
        kafka.World.RunFor(System.TimeSpan.FromSeconds(3));
        Assert.Equal(PartitionStateZnode.NoLeader, kafka.Servers[controller - 1]!.Controller!.Leadership[s_orders].Leader);
        kafka.Run(async client =>
        {
            var session = new CoordinationSession(client.Node, new CoordinationClientOptions("store:2181"));
            await session.Start();
            await new KafkaZnodes(client.Node, session).SetBrokerOptions(onlyController ? controller : null, new() { ["unclean.leader.election.enable"] = "true" });
            await session.Close();
        });
        kafka.Await(() => kafka.Servers[controller - 1]!.Controller!.Leadership[s_orders].Leader == others[1]);
    }
}
