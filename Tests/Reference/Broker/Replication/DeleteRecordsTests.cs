using System;
using System.Linq;
using System.Text;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Tests.Reference.Broker.Server;
using Xunit;

namespace Tests.Reference.Broker.Replication;

/// <summary>DeleteRecords on a cluster: who may, how far, and that the answer waits for the followers.</summary>
public class DeleteRecordsTests
{
    private readonly SimKafka _kafka = new(brokers: 3, configure: static c => c with { DefaultReplicationFactor = 3 });

    [Fact]
    public void It_is_answered_when_all_replicas_start_there()
    {
        _kafka.AwaitRunning();
        _kafka.Run(async client =>
        {
            var leader = await Fill(client);
            for (short version = 0; version <= 2; version++)
            {
                var answer = await Delete(client, leader, 2 + version, version);
                Assert.Equal((ErrorCode.None, 2L + version), (answer.ErrorCode, answer.LowWatermark));
                Assert.All(_kafka.Servers, server => Assert.Equal(2 + version, server!.Log(new global::Reference.Broker.TopicPartition("orders", 0))!.LogStartOffset));
            }

            Assert.Equal((ErrorCode.None, 4L), Of(await Delete(client, leader, 1))); // already done
            Assert.Equal(ErrorCode.OffsetOutOfRange, (await client.Fetch(leader, "orders", 3)).ErrorCode);
            Assert.Equal((ErrorCode.None, 6L), Of(await Delete(client, leader, -1))); // all
        });
    }

    [Fact]
    public void What_cannot_be_deleted_is_refused_by_code()
    {
        _kafka.AwaitRunning();
        _kafka.Run(async client =>
        {
            var leader = await Fill(client);
            Assert.Equal((ErrorCode.OffsetOutOfRange, -1L), Of(await Delete(client, leader, 7)));
            Assert.Equal((ErrorCode.OffsetOutOfRange, -1L), Of(await Delete(client, leader, -2)));
            Assert.Equal((ErrorCode.NotLeaderOrFollower, -1L), Of(await Delete(client, (leader % 3) + 1, 1)));
            Assert.Equal((ErrorCode.UnknownTopicOrPartition, -1L), Of(await Delete(client, leader, 1, topic: "nothing")));
            Assert.Equal(6, RawClient.ValuesOf((await client.Fetch(leader, "orders", 0)).Records).Count);
        });
    }

    [Fact]
    public void An_admin_finds_the_leader_and_is_told_the_lowest_start_or_the_refusal()
    {
        _kafka.AwaitRunning();
        _kafka.Run(Fill);
        var (lowest, refusal) = (0L, ErrorCode.None);
        var machine = _kafka.World.AddMachine("admin");
        machine.Start(async node =>
        {
            var admin = new Admin(node, new AdminOptions { BootstrapServers = [new Endpoint(_kafka.Machines[0].Name, 9092)] });
            lowest = await admin.DeleteRecords(new global::Reference.Clients.TopicPartition("orders", 0), 4, TimeSpan.FromSeconds(20));
            try
            {
                await admin.DeleteRecords(new global::Reference.Clients.TopicPartition("orders", 0), 70, TimeSpan.FromSeconds(20));
            }
            catch (KafkaException e)
            {
                refusal = e.Code;
            }

            await admin.Close();
        });
        Assert.True(_kafka.World.RunUntil(() => !machine.IsUp, TimeSpan.FromSeconds(60)));
        Assert.Equal((4L, ErrorCode.OffsetOutOfRange), (lowest, refusal));
    }

    [Fact]
    public void It_waits_for_a_follower_that_is_cut_off_until_its_time_is_up_and_no_longer_for_one_that_is_known_to_be_dead()
    {
        _kafka.AwaitRunning();
        var leader = _kafka.Run(Fill);
        var other = _kafka.Machines[leader % 3];
        _kafka.World.Network.Block(other, _kafka.Machines[leader - 1]);
        _kafka.Run(async client => Assert.Equal((ErrorCode.RequestTimedOut, -1L), Of(await Delete(client, leader, 2, timeoutMs: 1500))));
        other.Crash();
        _kafka.World.RunFor(TimeSpan.FromSeconds(10)); // its session ends, and the controller says so
        _kafka.Run(async client => Assert.Equal((ErrorCode.None, 3L), Of(await Delete(client, leader, 3))));
    }

    [Fact]
    public void A_follower_that_was_away_begins_with_the_batch_in_whose_middle_its_leaders_log_starts()
    {
        _kafka.AwaitRunning();
        var leader = _kafka.Run(Fill);
        var away = _kafka.Machines[leader % 3];
        away.Crash();
        _kafka.World.RunFor(TimeSpan.FromSeconds(40));
        _kafka.Run(async client =>
        {
            Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, "a", "b", "c", "d")).ErrorCode); // 6 to 9
            Assert.Equal((ErrorCode.None, 8L), Of(await Delete(client, leader, 8)));
        });
        away.Restart();
        _kafka.World.RunFor(TimeSpan.FromSeconds(30));
        var log = _kafka.Servers[leader % 3]!.Log(new global::Reference.Broker.TopicPartition("orders", 0))!;
        Assert.Equal((8L, 10L, 10L), (log.LogStartOffset, log.HighWatermark, log.LogEndOffset));
    }

    [Fact]
    public void A_follower_gives_up_for_good_what_was_deleted_before_anyone_could_compare_it()
    {
        var kafka = new SimKafka(brokers: 3, configure: static c => c with { DefaultReplicationFactor = 3, LogFlushStartOffsetCheckpointIntervalMs = 3_600_000 });
        kafka.AwaitRunning();
        var old = kafka.Run(Fill);
        var lonely = kafka.Machines[old - 1];
        foreach (var other in kafka.World.Machines.Where(m => m != lonely && m.Name != "client").ToList()) kafka.World.Network.Block(lonely, other);
        kafka.Run(async client => // 6 to 13 on the lonely leader alone
        {
            for (var i = 0; i < 8; i++) await client.Produce(old, "orders", 1, $"lonely{i}");
        });
        kafka.World.RunFor(TimeSpan.FromSeconds(40)); // its session ends, and another leads
        kafka.Run(async client =>
        {
            var leader = await client.LeaderOf((old % 3) + 1, "orders");
            Assert.NotEqual(old, leader);
            for (var i = 6; i < 10; i++) Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, $"v{i}")).ErrorCode);
            Assert.Equal((ErrorCode.None, 10L), Of(await Delete(client, leader, -1)));
        });
        kafka.World.Network.HealAll();
        kafka.World.RunFor(TimeSpan.FromSeconds(10));
        var log = kafka.Servers[old - 1]!.Log(new global::Reference.Broker.TopicPartition("orders", 0))!;
        Assert.Equal((10L, 10L, 10L), (log.LogStartOffset, log.HighWatermark, log.LogEndOffset));
        var checkpoint = Encoding.UTF8.GetString(lonely.Disk.Peek($"{log.Directory.Path}/log-start-offset-checkpoint"));
        Assert.Contains("orders 0 10", checkpoint); // so that a crash does not bring 6 to 9 back
    }

    private static async LoopTask<int> Fill(RawClient client)
    {
        var leader = await client.LeaderOf(1, "orders");
        for (var i = 0; i < 6; i++) Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, $"v{i}")).ErrorCode);
        return leader;
    }

    private static (ErrorCode Code, long LowWatermark) Of(DeleteRecordsResponse.DeleteRecordsPartitionResult answer) => (answer.ErrorCode, answer.LowWatermark);

    private static async LoopTask<DeleteRecordsResponse.DeleteRecordsPartitionResult> Delete(RawClient client, int broker, long offset, short version = 1, string topic = "orders", int timeoutMs = 10_000)
    {
        var request = new DeleteRecordsRequest { TimeoutMs = timeoutMs, Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = 0, Offset = offset }] }] };
        var response = await client.Call<DeleteRecordsRequest, DeleteRecordsResponse>(broker, request, version);
        return response.Topics.Single().Partitions.Single();
    }
}
