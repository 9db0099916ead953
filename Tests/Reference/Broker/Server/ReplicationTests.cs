using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Configuration;
using Reference.Broker.Replication;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Server;

public class ReplicationTests
{
    private static readonly TopicPartition s_orders = new("orders", 0);

    [Fact]
    public void Three_replicas_hold_what_was_acknowledged_by_all()
    {
        var kafka = Cluster(1);
        kafka.Run(async client =>
        {
            var leader = await client.LeaderOf(1, "orders");
            for (var i = 0; i < 5; i++) Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, $"v{i}")).ErrorCode);
        });
        kafka.Await(() => kafka.Servers.TrueForAll(static s => s!.Partitions[s_orders] is { HighWatermark: 5, Log.LogEndOffset: 5 }));
    }

    /// <summary>A follower may restart while its fetch waits: the answer's end is no sign of life.</summary>
    [Fact]
    public void A_followers_fetch_counts_when_it_arrives_and_not_again_when_its_wait_is_over()
    {
        var kafka = Cluster(1);
        kafka.Run(async client =>
        {
            var leader = await client.LeaderOf(1, "orders");
            var dead = leader == 1 ? 2 : 1;
            kafka.World.Schedule(TimeSpan.Zero, kafka.Machines[dead - 1].Crash);
            await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(100));
            var replica = kafka.Servers[leader - 1]!.Partitions[s_orders];
            var fetch = new FetchRequest
            {
                ReplicaId = dead,
                MaxWaitMs = 1500,
                MinBytes = 1,
                Topics = [new() { Topic = "orders", Partitions = [new() { FetchOffset = replica.Log.LogEndOffset, PartitionMaxBytes = 1000 }] }],
            };
            var answer = await client.Call<FetchRequest, FetchResponse>(leader, fetch, 11);
            Assert.Equal(ErrorCode.None, answer.Responses[0].Partitions[0].ErrorCode);
            var now = kafka.Machines[leader - 1].Process!.Node.Clock.MonotonicMillis();
            Assert.InRange(now - replica.Leadership!.Follower(dead)!.LastCaughtUpMs, 1400, 1700);
        });
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void A_crashed_leader_is_replaced_nothing_acknowledged_is_lost_and_it_comes_back_into_the_ISR(ulong seed)
    {
        var kafka = Cluster(seed);
        var first = kafka.Run(async client =>
        {
            var leader = await client.LeaderOf(1, "orders");
            for (var i = 0; i < 5; i++) Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, $"v{i}")).ErrorCode);
            return leader;
        });
        kafka.Machines[first - 1].Crash();
        var second = kafka.Run(async client =>
        {
            var asked = first == 1 ? 2 : 1;
            int leader;
            while ((leader = await client.LeaderOf(asked, "orders")) == first) await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(100));
            Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, "after")).ErrorCode);
            return leader;
        });
        kafka.Machines[first - 1].Restart();
        kafka.Await(() => kafka.Servers[second - 1]!.Partitions[s_orders].Isr is { IsChanging: false, Committed.Count: 3 });
        var values = kafka.Run(async client => RawClient.ValuesOf((await client.Fetch(second, "orders", 0)).Records));
        Assert.Equal(["v0", "v1", "v2", "v3", "v4", "after"], values);
        kafka.Await(() => kafka.Servers.TrueForAll(static s => s!.Partitions[s_orders] is { HighWatermark: 6, Log.LogEndOffset: 6 }));
    }

    [Fact]
    public void A_silent_follower_leaves_the_ISR_and_what_waits_for_it_is_acknowledged()
    {
        var kafka = Cluster(1);
        var leader = kafka.Run(client => client.LeaderOf(1, "orders"));
        var follower = kafka.Servers.Find(s => s!.BrokerId != leader && !s.IsController)!.BrokerId;
        var others = kafka.Machines.Where(m => m != kafka.Machines[follower - 1]).ToList();
        foreach (var other in others)
        {
            kafka.World.Network.Block(other, kafka.Machines[follower - 1]);
            kafka.World.Network.Block(kafka.Machines[follower - 1], other);
        }

        kafka.Run(async client => { Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, "x")).ErrorCode); });
        Assert.DoesNotContain(follower, kafka.Servers[leader - 1]!.Partitions[s_orders].Isr!.Maximal);
        kafka.World.Network.HealAll();
        kafka.Await(() => kafka.Servers[leader - 1]!.Partitions[s_orders].Isr!.Committed.Count == 3);
    }

    [Fact]
    public void Too_small_an_ISR_refuses_acks_all_and_takes_acks_1()
    {
        var kafka = Cluster(1, static c => c with { MinInsyncReplicas = 3 });
        var leader = kafka.Run(client => client.LeaderOf(1, "orders"));
        var follower = kafka.Servers.Find(s => s!.BrokerId != leader && !s.IsController)!.BrokerId;
        kafka.Machines[follower - 1].Crash();
        kafka.Await(() => kafka.Servers[leader - 1]!.Partitions[s_orders].Isr!.Committed.Count == 2);
        kafka.Run(async client =>
        {
            Assert.Equal(ErrorCode.NotEnoughReplicas, (await client.Produce(leader, "orders", -1, "x")).ErrorCode);
            Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", 1, "y")).ErrorCode);
        });
    }

    [Fact]
    public void A_stopping_broker_gives_its_leaders_away_first()
    {
        var kafka = Cluster(1);
        var leader = kafka.Run(client => client.LeaderOf(1, "orders"));
        var server = kafka.Servers[leader - 1]!;
        kafka.Machines[leader - 1].Invoke(() => kafka.Machines[leader - 1].Process!.Loop.Spawn(server.Stop()));
        kafka.Await(() => !kafka.Machines[leader - 1].IsUp);
        var next = kafka.Run(client => client.LeaderOf(leader == 1 ? 2 : 1, "orders"));
        Assert.NotEqual(leader, next);
        Assert.Equal(ReplicaRole.Stopped, server.Partitions.GetValueOrDefault(s_orders)?.Role ?? ReplicaRole.Stopped);
    }

    [Fact]
    public void A_run_is_the_same_each_time()
    {
        static (ulong Hash, long Events) Run()
        {
            var kafka = Cluster(7);
            kafka.Run(async client => { await client.Produce(await client.LeaderOf(1, "orders"), "orders", -1, "x"); });
            kafka.World.RunFor(TimeSpan.FromSeconds(5));
            return (kafka.World.Hash, kafka.World.Events);
        }

        Assert.Equal(Run(), Run());
    }

    private static SimKafka Cluster(ulong seed, Func<BrokerConfig, BrokerConfig>? configure = null)
    {
        var kafka = new SimKafka(3, seed, c => (configure ?? (static x => x))(c with { DefaultReplicationFactor = 3 }));
        kafka.AwaitRunning();
        kafka.Await(() => kafka.Servers.TrueForAll(static s => s!.Metadata.Brokers.Count == 3));
        return kafka;
    }
}
