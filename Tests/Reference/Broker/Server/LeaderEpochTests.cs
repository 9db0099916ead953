using System;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Configuration;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Server;

/// <summary>What requests of another leader epoch get (KIP-320), what is not known right after an election (KIP-207), and what an unclean one leaves.</summary>
public class LeaderEpochTests
{
    private static readonly TopicPartition s_orders = new("orders", 0);

    [Fact]
    public void Fetch_ListOffsets_and_OffsetForLeaderEpoch_fence_older_epochs_and_do_not_know_later_ones()
    {
        var kafka = Cluster();
        var first = kafka.Run(client => client.LeaderOf(1, "orders"));
        kafka.Machines[first - 1].Crash();
        var leader = NextLeader(kafka, first);
        kafka.World.RunFor(TimeSpan.FromSeconds(3)); // the dead one leaves the ISR, which begins another epoch
        var epoch = kafka.Servers[leader - 1]!.Partitions[s_orders].LeaderEpoch;
        kafka.Run(async client =>
        {
            foreach (var (requested, expected) in new[] { (epoch - 1, ErrorCode.FencedLeaderEpoch), (epoch + 1, ErrorCode.UnknownLeaderEpoch), (epoch, ErrorCode.None), (-1, ErrorCode.None) })
            {
                Assert.Equal(expected, (await client.Fetch(leader, "orders", 0, 10, requested)).ErrorCode);
                Assert.Equal(expected, (await List(client, leader, 5, requested)).ErrorCode);
                Assert.Equal(expected, (await EndOf(client, leader, requested)).ErrorCode);
            }
        });
    }

    [Fact]
    public void Right_after_an_election_the_end_is_not_known_until_the_high_watermark_has_reached_the_epochs_start()
    {
        var kafka = Cluster();
        var first = kafka.Run(async client =>
        {
            var leader = await client.LeaderOf(1, "orders");
            await client.Produce(leader, "orders", -1, "a", "b");
            return leader;
        });
        kafka.Machines[first - 1].Crash();
        var leader = NextLeader(kafka, first);
        var partition = kafka.Servers[leader - 1]!.Partitions[s_orders];
        var start = partition.Leadership!.EpochStart;
        Assert.Equal(2, start);
        partition.Log.UpdateHighWatermark(1); // as if the last leader's word had not come
        foreach (var machine in kafka.Machines.Where(m => m != kafka.Machines[leader - 1])) kafka.World.Network.Block(machine, kafka.Machines[leader - 1]);
        kafka.Run(async client =>
        {
            Assert.Equal(ErrorCode.OffsetNotAvailable, (await List(client, leader, 5)).ErrorCode);
            Assert.Equal(ErrorCode.LeaderNotAvailable, (await List(client, leader, 4)).ErrorCode);
            Assert.Equal((ErrorCode.None, 2L), await EndForReplica(client, leader));
        });
        kafka.World.Network.HealAll();
        kafka.Run(async client =>
        {
            Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, "c")).ErrorCode);
            var answer = await List(client, leader, 5);
            Assert.Equal((ErrorCode.None, 3L), (answer.ErrorCode, answer.Offset));
        });
    }

    [Fact]
    public void An_ISR_that_shrinks_while_an_append_waits_is_told_after_the_append()
    {
        var kafka = Cluster(static c => c with { MinInsyncReplicas = 3 });
        var leader = kafka.Run(client => client.LeaderOf(1, "orders"));
        kafka.Await(() => kafka.Servers[leader - 1]!.Partitions[s_orders].Isr!.Committed.Count == 3);
        var silent = kafka.Servers.Find(s => s!.BrokerId != leader && !s.IsController)!.BrokerId;
        foreach (var other in kafka.Machines.Where(m => m != kafka.Machines[silent - 1]))
        {
            kafka.World.Network.Block(other, kafka.Machines[silent - 1]);
            kafka.World.Network.Block(kafka.Machines[silent - 1], other);
        }

        kafka.Run(async client =>
        {
            Assert.Equal(ErrorCode.NotEnoughReplicasAfterAppend, (await client.Produce(leader, "orders", -1, "appended")).ErrorCode);
            Assert.Equal(ErrorCode.NotEnoughReplicas, (await client.Produce(leader, "orders", -1, "refused")).ErrorCode);
            Assert.Equal(["appended"], RawClient.ValuesOf((await client.Fetch(leader, "orders", 0)).Records));
        });
    }

    [Fact]
    public void After_an_unclean_election_the_others_cut_their_logs_to_the_new_leaders()
    {
        var kafka = Cluster(static c => c with { UncleanLeaderElection = true });
        var last = kafka.Run(async client =>
        {
            var leader = await client.LeaderOf(1, "orders");
            await client.Produce(leader, "orders", -1, "all have it");
            return leader;
        });
        kafka.Await(() => kafka.Servers.TrueForAll(static s => s!.Partitions[s_orders].HighWatermark == 1));
        var others = new[] { 1, 2, 3 }.Where(id => id != last).ToArray();
        foreach (var other in others) Crash(kafka, other);
        kafka.Await(() => kafka.Servers[last - 1] is { IsController: true } s && s.Partitions[s_orders].Isr!.Committed.Count == 1);
        kafka.Run(async client =>
        {
            for (var i = 0; i < 3; i++) Assert.Equal(ErrorCode.None, (await client.Produce(last, "orders", -1, $"only one has it {i}")).ErrorCode);
        });
        Assert.Equal(4, kafka.Servers[last - 1]!.Partitions[s_orders].HighWatermark);
        Crash(kafka, last);
        kafka.Machines[others[0] - 1].Restart();
        kafka.Await(() => kafka.Servers[others[0] - 1]?.Partitions.TryGetValue(s_orders, out var p) == true && p.IsLeader);
        kafka.Run(async client => { Assert.Equal(ErrorCode.None, (await client.Produce(others[0], "orders", -1, "another")).ErrorCode); });
        kafka.Machines[last - 1].Restart();
        kafka.Machines[others[1] - 1].Restart();
        kafka.Await(() => kafka.Servers.TrueForAll(static s => s?.Partitions.TryGetValue(s_orders, out var p) == true && p is { HighWatermark: 2, Log.LogEndOffset: 2, Log.LogStartOffset: 0 }));
        var leader = kafka.Run(client => client.LeaderOf(1, "orders"));
        Assert.Equal(["all have it", "another"], kafka.Run(async client => RawClient.ValuesOf((await client.Fetch(leader, "orders", 0)).Records)));
    }

    private static void Crash(SimKafka kafka, int broker)
    {
        kafka.Machines[broker - 1].Crash();
        kafka.Servers[broker - 1] = null;
    }

    private static int NextLeader(SimKafka kafka, int dead)
    {
        kafka.Servers[dead - 1] = null;
        kafka.Await(() => kafka.Servers.Exists(static s => s?.Partitions[s_orders].IsLeader == true));
        return kafka.Servers.Find(static s => s?.Partitions[s_orders].IsLeader == true)!.BrokerId;
    }

    private static async LoopTask<ListOffsetsResponse.ListOffsetsPartitionResponse> List(RawClient client, int broker, short version, int epoch = -1, int replica = -1)
    {
        var request = new ListOffsetsRequest { ReplicaId = replica, Topics = [new() { Name = "orders", Partitions = [new() { CurrentLeaderEpoch = epoch, Timestamp = -1 }] }] };
        return (await client.Call<ListOffsetsRequest, ListOffsetsResponse>(broker, request, version)).Topics[0].Partitions[0];
    }

    private static async LoopTask<(ErrorCode Error, long Offset)> EndForReplica(RawClient client, int broker)
    {
        var answer = await List(client, broker, 5, replica: 9);
        return (answer.ErrorCode, answer.Offset);
    }

    private static async LoopTask<OffsetForLeaderEpochResponse.EpochEndOffset> EndOf(RawClient client, int broker, int epoch)
    {
        var request = new OffsetForLeaderEpochRequest { Topics = [new() { Topic = "orders", Partitions = [new() { CurrentLeaderEpoch = epoch, LeaderEpoch = 0 }] }] };
        return (await client.Call<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(broker, request, 3)).Topics[0].Partitions[0];
    }

    private static SimKafka Cluster(Func<BrokerConfig, BrokerConfig>? configure = null)
    {
        var kafka = new SimKafka(3, configure: c => (configure ?? (static x => x))(c with { DefaultReplicationFactor = 3 }));
        kafka.AwaitRunning();
        kafka.Await(() => kafka.Servers.TrueForAll(static s => s!.Metadata.Brokers.Count == 3));
        return kafka;
    }
}
