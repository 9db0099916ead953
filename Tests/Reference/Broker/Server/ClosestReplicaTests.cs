using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reference.Broker;
using Reference.Broker.Replication;
using Reference.Clients.Consuming;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Server;

/// <summary>Fetching from the closest replica (KIP-392), over the wire.</summary>
public class ClosestReplicaTests
{
    private static readonly TopicPartition s_orders = new("orders", 0);

    [Fact]
    public void The_leader_names_the_replica_in_the_consumers_rack_and_that_one_serves_up_to_its_high_watermark()
    {
        var kafka = Cluster();
        var (leader, near) = LeaderAndFollower(kafka);
        kafka.Run(async client =>
        {
            for (var i = 0; i < 5; i++) Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, $"v{i}")).ErrorCode);
            var referral = await Fetch(client, leader, 0, Rack(near));
            Assert.Equal((near, 0), (referral.PreferredReadReplica, referral.Records!.Value.Length));
            Assert.Equal(-1, (await Fetch(client, leader, 0, Rack(leader))).PreferredReadReplica);
            Assert.Equal(-1, (await Fetch(client, leader, 0, "elsewhere")).PreferredReadReplica);
            Assert.Equal(5, RawClient.ValuesOf((await Fetch(client, leader, 0, string.Empty)).Records).Count);
            await client.Node.Clock.Delay(TimeSpan.FromSeconds(2));
            var served = await Fetch(client, near, 0, Rack(near));
            Assert.Equal((ErrorCode.None, -1, 5L), (served.ErrorCode, served.PreferredReadReplica, served.HighWatermark));
            Assert.Equal(["v0", "v1", "v2", "v3", "v4"], RawClient.ValuesOf(served.Records));
            Assert.Equal(ErrorCode.OffsetOutOfRange, (await Fetch(client, near, 99, Rack(near))).ErrorCode);
            Assert.Equal(ErrorCode.NotLeaderOrFollower, (await Fetch(client, near, 0, Rack(near), version: 10)).ErrorCode);
            var epoch = kafka.Servers[near - 1]!.Partitions[s_orders].LeaderEpoch;
            Assert.Equal(ErrorCode.UnknownLeaderEpoch, (await Fetch(client, near, 0, Rack(near), epoch: epoch + 1)).ErrorCode);
            if (epoch > 0) Assert.Equal(ErrorCode.FencedLeaderEpoch, (await Fetch(client, near, 0, Rack(near), epoch: epoch - 1)).ErrorCode);
        });
    }

    [Fact]
    public void A_follower_learns_at_once_what_has_been_committed_so_that_readers_beside_it_do_not_wait()
    {
        var kafka = Cluster();
        var (leader, near) = LeaderAndFollower(kafka);
        kafka.Run(async client =>
        {
            await client.Produce(leader, "orders", -1, "first");
            await client.Node.Clock.Delay(TimeSpan.FromSeconds(2));
            var waiting = Fetch(client, near, 1, Rack(near), maxWaitMs: 5_000);
            var asked = client.Node.Clock.MonotonicMillis();
            Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, "second")).ErrorCode);
            Assert.Equal(["second"], RawClient.ValuesOf((await waiting).Records));
            Assert.InRange(client.Node.Clock.MonotonicMillis() - asked, 0, 200); // not the half second that a follower's fetch may wait
        });
    }

    [Fact]
    public void What_is_not_yet_committed_at_the_follower_is_not_available_there()
    {
        var kafka = Cluster();
        var (leader, near) = LeaderAndFollower(kafka);
        kafka.Run(client => client.Produce(leader, "orders", -1, "a", "b", "c"));
        kafka.Await(() => kafka.Servers[near - 1]!.Partitions[s_orders].HighWatermark == 3);
        var replica = kafka.Servers[near - 1]!.Partitions[s_orders];
        replica.Log.UpdateHighWatermark(1); // as after a restart
        kafka.World.Network.Block(kafka.Machines[leader - 1], kafka.Machines[near - 1]);
        kafka.Run(async client =>
        {
            Assert.Equal(ErrorCode.OffsetNotAvailable, (await Fetch(client, near, 2, Rack(near), maxWaitMs: 50)).ErrorCode);
            Assert.Equal(ErrorCode.OffsetNotAvailable, (await Fetch(client, near, 3, Rack(near), maxWaitMs: 50)).ErrorCode);
            Assert.Equal(ErrorCode.OffsetOutOfRange, (await Fetch(client, near, 4, Rack(near), maxWaitMs: 50)).ErrorCode);
            Assert.Equal(["a", "b", "c"], RawClient.ValuesOf((await Fetch(client, leader, 0, string.Empty)).Records));
        });
    }

    [Fact]
    public void A_consumer_with_a_rack_reads_beside_it_and_goes_back_to_the_leader_when_that_broker_is_gone()
    {
        var kafka = Cluster();
        var (leader, near) = LeaderAndFollower(kafka);
        var sessions = kafka.Servers[near - 1]!.FetchSessions!;
        kafka.Run(async client =>
        {
            var consumer = new Consumer(client.Node, new ConsumerOptions
            {
                BootstrapServers = [new Endpoint(SimKafka.HostOf(leader), SimKafka.Port)],
                RequestTimeout = TimeSpan.FromSeconds(2),
                AutoOffsetReset = OffsetReset.Earliest,
                ClientRack = Rack(near),
            });
            consumer.Assign([new global::Reference.Clients.TopicPartition("orders", 0)]);
            var read = new List<string>();
            for (var i = 0; i < 30; i++)
            {
                Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, $"v{i}")).ErrorCode);
                while (read.Count <= i) read.AddRange((await consumer.Poll(TimeSpan.FromSeconds(20))).Select(r => Encoding.UTF8.GetString(r.Value!.Value.Span)));
                if (i == 10) Assert.Equal(1, sessions.Count); // the consumer's: nobody follows this broker
                if (i == 15) kafka.World.Schedule(TimeSpan.Zero, kafka.Machines[near - 1].Crash);
            }

            Assert.Equal(Enumerable.Range(0, 30).Select(i => $"v{i}"), read);
            await consumer.Close();
        });
    }

    private static string Rack(int broker) => $"rack-{broker}";

    private static SimKafka Cluster()
    {
        var kafka = new SimKafka(3, configure: static c => c with
        {
            DefaultReplicationFactor = 3,
            MinInsyncReplicas = 2,
            Rack = Rack(c.BrokerId),
            ReplicaSelector = ReplicaSelector.RackAware,
        });
        kafka.AwaitRunning();
        kafka.Await(() => kafka.Servers.TrueForAll(static s => s!.Metadata.Brokers.Count == 3));
        return kafka;
    }

    /// <summary>The leader of the topic, and a follower that is not the controller.</summary>
    private static (int Leader, int Follower) LeaderAndFollower(SimKafka kafka)
    {
        var leader = kafka.Run(client => client.LeaderOf(1, "orders"));
        kafka.Await(() => kafka.Servers[leader - 1]!.Partitions[s_orders].Isr!.Committed.Count == 3);
        return (leader, kafka.Servers.Find(s => s!.BrokerId != leader && !s.IsController)!.BrokerId);
    }

    private static async LoopTask<FetchResponse.PartitionData> Fetch(RawClient client, int broker, long offset, string rack, int maxWaitMs = 100, short version = 11, int epoch = -1)
    {
        var request = new FetchRequest
        {
            MaxWaitMs = maxWaitMs,
            MinBytes = 1,
            RackId = rack,
            Topics = [new() { Topic = "orders", Partitions = [new() { FetchOffset = offset, CurrentLeaderEpoch = epoch, PartitionMaxBytes = 1 << 20 }] }],
        };
        return (await client.Call<FetchRequest, FetchResponse>(broker, request, version)).Responses[0].Partitions[0];
    }
}
