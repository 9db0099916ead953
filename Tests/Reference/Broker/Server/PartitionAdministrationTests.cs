using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Znodes;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Coordination;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Engine.Disk;
using Simulator.Platform;
using Xunit;
using TopicPartition = Reference.Clients.TopicPartition;

namespace Tests.Reference.Broker.Server;

/// <summary>An admin, brokers with logs and the embedded store: what is asked for happens, and records stay.</summary>
public sealed class PartitionAdministrationTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private static readonly TopicPartition s_orders = new("orders", 0);
    private static readonly global::Reference.Broker.TopicPartition s_replica = new("orders", 0);

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    public void A_partition_moves_to_other_brokers_with_all_its_records(ulong seed)
    {
        var kafka = Cluster(4, seed);
        kafka.Run(async client =>
        {
            var admin = AdminOf(client);
            await admin.CreateTopics([new NewTopic("orders", Assignments: [[1, 2]])], s_timeout);
            Assert.Equal(1, await client.LeaderOf(1, "orders"));
            for (var i = 0; i < 20; i++) Assert.Equal(ErrorCode.None, (await client.Produce(1, "orders", -1, $"v{i}")).ErrorCode);
            Assert.Empty(await admin.AlterPartitionReassignments([new NewReplicas(s_orders, [3, 4])], s_timeout));
            while ((await admin.ListPartitionReassignments([s_orders], s_timeout)).Count > 0) await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(20));
            Assert.Equal(3, await client.LeaderOf(3, "orders"));
            Assert.Equal(ErrorCode.None, (await client.Produce(3, "orders", -1, "after")).ErrorCode); // it may be passing to its last epoch
            Assert.Equal(Enumerable.Range(0, 20).Select(i => $"v{i}").Append("after"), RawClient.ValuesOf((await client.Fetch(3, "orders", 0)).Records));
            Assert.Equal(ErrorCode.NotLeaderOrFollower, (await client.Produce(1, "orders", -1, "x")).ErrorCode);
        });
        kafka.Await(() => kafka.Servers[0]!.Log(s_replica) is null && kafka.Servers[1]!.Log(s_replica) is null);
        kafka.Await(() => kafka.Servers[3]!.Partitions[s_replica].Log.LogEndOffset == 21);
        Assert.Equal([3, 4], kafka.Servers[2]!.Partitions[s_replica].Isr!.Committed.Order());
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    public void A_partition_moves_under_load_though_the_controller_dies_and_the_leader_restarts(ulong seed)
    {
        var kafka = Cluster(5, seed);
        kafka.Await(() => kafka.Servers.Exists(static s => s is { IsController: true }));
        var controller = kafka.Servers.FindIndex(static s => s is { IsController: true }) + 1;
        int[] others = [.. Enumerable.Range(1, 5).Where(id => id != controller)];
        var acknowledged = new List<string>();
        kafka.Run(async client =>
        {
            var admin = AdminOf(client, others);
            await admin.CreateTopics([new NewTopic("orders", Assignments: [[others[0], others[1]]])], s_timeout);
            kafka.World.Schedule(TimeSpan.FromMilliseconds(100 + (7 * (long)seed)), kafka.Machines[controller - 1].Crash);
            kafka.World.Schedule(TimeSpan.FromMilliseconds(500 + (100 * (long)seed)), kafka.Machines[others[0] - 1].Crash);
            kafka.World.Schedule(TimeSpan.FromSeconds(8), () => kafka.Machines[others[0] - 1].Restart());
            await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(90));
            await admin.AlterPartitionReassignments([new NewReplicas(s_orders, [others[2], others[3]])], s_timeout);
            for (var i = 0; i < 100; i++)
            {
                var leader = await client.LeaderOf(others[3], "orders");
                if (await TryProduce(client, leader, $"v{i}")) acknowledged.Add($"v{i}");
                await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(100));
            }

            while ((await admin.ListPartitionReassignments(null, s_timeout)).Count > 0) await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(100));
            await admin.AlterPartitionReassignments([new NewReplicas(s_orders, [others[2], others[3]])], s_timeout); // the first may have died with the controller
            while ((await admin.ListPartitionReassignments(null, s_timeout)).Count > 0) await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(100));
            var last = await client.LeaderOf(others[3], "orders");
            Assert.True(last == others[2] || last == others[3]);
            var values = RawClient.ValuesOf((await client.Fetch(last, "orders", 0)).Records);
            Assert.Empty(acknowledged.Except(values));
            Assert.True(acknowledged.Count > 20, $"Only {acknowledged.Count} were acknowledged.");
        });
        kafka.Await(() => kafka.Servers[others[1] - 1]!.Log(s_replica) is null);
    }

    [Fact]
    public void Leaders_return_when_asked_for_and_partitions_are_added()
    {
        var kafka = Cluster(3, 1);
        kafka.Run(async client =>
        {
            var admin = AdminOf(client);
            await admin.CreateTopics([new NewTopic("orders", Assignments: [[2, 3]])], s_timeout);
            await client.Produce(await client.LeaderOf(2, "orders"), "orders", -1, "x");
            kafka.World.Schedule(TimeSpan.Zero, kafka.Machines[1].Crash);
            while (await client.LeaderOf(3, "orders") != 3) await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(100));
            var refused = await admin.ElectLeaders(ElectionType.Preferred, [s_orders], s_timeout);
            Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, refused[s_orders].Code);
            kafka.World.Schedule(TimeSpan.Zero, () => kafka.Machines[1].Restart());
            while ((await admin.ElectLeaders(ElectionType.Preferred, null, s_timeout)).Count > 0) await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(200));
            while (await client.LeaderOf(2, "orders") != 2) await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(20));
            Assert.Equal(ErrorCode.ElectionNotNeeded, (await admin.ElectLeaders(ElectionType.Unclean, [s_orders], s_timeout))[s_orders].Code);

            await admin.CreatePartitions([new NewPartitions("orders", 3)], s_timeout);
            await admin.CreatePartitions([new NewPartitions("orders", 9)], s_timeout, validateOnly: true);
            var described = (await admin.Describe(["orders"], s_timeout)).Topics["orders"];
            Assert.Equal(3, described.Partitions.Count);
            Assert.Equal(ErrorCode.InvalidPartitions, (await Refused(admin.CreatePartitions([new NewPartitions("orders", 2)], s_timeout))).Code);
        });
    }

    [Fact]
    public void Topics_with_wrong_assignments_or_settings_are_refused_by_name_and_nothing_is_created()
    {
        var kafka = Cluster(3, 1);
        kafka.Run(async client =>
        {
            var admin = AdminOf(client);
            await Refuses(ErrorCode.InvalidReplicaAssignment, "twice", new NewTopic("orders", Assignments: [[1, 1]]));
            await Refuses(ErrorCode.InvalidReplicaAssignment, "negative", new NewTopic("orders", Assignments: [[1, -1]]));
            await Refuses(ErrorCode.InvalidReplicaAssignment, "9", new NewTopic("orders", Assignments: [[1, 9]]));
            await Refuses(ErrorCode.InvalidReplicaAssignment, "same number", new NewTopic("orders", Assignments: [[1, 2], [3]]));
            await Refuses(ErrorCode.InvalidRequest, "replicasAssignments", new NewTopic("orders", Partitions: 1, Assignments: [[1]]));
            await Refuses(ErrorCode.InvalidConfig, "retention.mss", new NewTopic("orders", Configuration: new Dictionary<string, string> { ["retention.mss"] = "1" }));
            await Refuses(ErrorCode.InvalidConfig, "retention.ms", new NewTopic("orders", Configuration: new Dictionary<string, string> { ["retention.ms"] = "long" }));
            await Refuses(ErrorCode.InvalidConfig, "min.insync.replicas", new NewTopic("orders", Configuration: new Dictionary<string, string> { ["min.insync.replicas"] = "0" }));
            await admin.CreateTopics([new NewTopic("orders", 1, 3)], s_timeout, validateOnly: true);
            Assert.Empty((await client.Call<MetadataRequest, MetadataResponse>(1, new MetadataRequest { Topics = null }, 9)).Topics);

            async LoopTask Refuses(ErrorCode code, string name, NewTopic topic)
            {
                var refusal = await Refused(admin.CreateTopics([topic], s_timeout));
                Assert.Equal(code, refusal.Code);
                Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public void A_failed_log_directory_moves_its_leads_and_leaves_the_others()
    {
        var kafka = Cluster(2, 1, ["one", "two"]);
        kafka.Run(async client =>
        {
            var admin = AdminOf(client);
            foreach (var topic in (string[])["a", "b"]) await admin.CreateTopics([new NewTopic(topic, Assignments: [[1, 2]])], s_timeout);
            foreach (var topic in (string[])["a", "b"]) Assert.Equal(ErrorCode.None, (await client.Produce(await client.LeaderOf(1, topic), topic, -1, "x")).ErrorCode);
            var lost = kafka.Servers[0]!.Log(new("a", 0))!.Directory.Path;
            kafka.Machines[0].Disk.Afflict(new DiskTrouble(DiskTroubleKind.SyncError, 1, lost + "/", 1));
            Assert.Equal(ErrorCode.KafkaStorageError, (await client.Produce(1, "a", -1, "y")).ErrorCode);
            while (await client.LeaderOf(2, "a") != 2) await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(50));
            Assert.Equal(ErrorCode.None, (await client.Produce(2, "a", -1, "z")).ErrorCode);
            Assert.Equal("x", RawClient.ValuesOf((await client.Fetch(2, "a", 0)).Records)[0]);
            Assert.Equal(1, await client.LeaderOf(2, "b"));
            Assert.Equal(ErrorCode.None, (await client.Produce(1, "b", -1, "y")).ErrorCode);
            Assert.Equal([1], (await client.Metadata(2, "a")).Topics[0].Partitions[0].OfflineReplicas);
        });
    }

    [Fact]
    public void A_changed_setting_of_a_topic_reaches_its_replicas_and_lets_an_unclean_leader_in()
    {
        var kafka = Cluster(3, 1);
        kafka.Run(async client =>
        {
            var admin = AdminOf(client, 1);
            var store = new CoordinationSession(client.Node, new CoordinationClientOptions("store:2181"));
            await store.Start();
            var znodes = new KafkaZnodes(client.Node, store);
            await admin.CreateTopics([new NewTopic("orders", Assignments: [[2, 3]])], s_timeout);
            Assert.Equal(ErrorCode.None, (await client.Produce(await client.LeaderOf(2, "orders"), "orders", -1, "kept")).ErrorCode);
            await znodes.SetTopicConfig("orders", new(StringComparer.Ordinal) { ["min.insync.replicas"] = "2" });
            while (kafka.Servers[1]!.Partitions[s_replica].Config.MinInsyncReplicas != 2) await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(20));
            kafka.World.Schedule(TimeSpan.Zero, kafka.Machines[2].Crash);
            while (kafka.Servers[1]!.Partitions[s_replica].Isr!.Committed.Count > 1) await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(100));
            Assert.Equal(ErrorCode.NotEnoughReplicas, (await client.Produce(2, "orders", -1, "refused")).ErrorCode);
            Assert.Equal(ErrorCode.None, (await client.Produce(2, "orders", 1, "lost")).ErrorCode);
            kafka.World.Schedule(TimeSpan.Zero, kafka.Machines[1].Crash);
            kafka.World.Schedule(TimeSpan.FromSeconds(1), () => kafka.Machines[2].Restart());
            await client.Node.Clock.Delay(TimeSpan.FromSeconds(15));
            Assert.Equal(ErrorCode.LeaderNotAvailable, (await client.Metadata(1, "orders")).Topics[0].Partitions[0].ErrorCode);
            await znodes.SetTopicConfig("orders", new(StringComparer.Ordinal) { ["unclean.leader.election.enable"] = "true" });
            while ((await client.Metadata(1, "orders")).Topics[0].Partitions[0].LeaderId != 3) await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(100));
            Assert.Equal(["kept"], RawClient.ValuesOf((await client.Fetch(3, "orders", 0)).Records));
        });
    }

    private static SimKafka Cluster(int brokers, ulong seed, IReadOnlyList<string>? logDirs = null)
    {
        var kafka = new SimKafka(brokers, seed, c => c with { AutoCreateTopics = false, LogDirs = logDirs ?? [] });
        kafka.AwaitRunning();
        return kafka;
    }

    private static Admin AdminOf(RawClient client, params int[] bootstrap) => new(
        client.Node,
        new AdminOptions { BootstrapServers = [.. (bootstrap.Length == 0 ? [1, 2] : bootstrap).Select(id => new Endpoint(SimKafka.HostOf(id), SimKafka.Port))] });

    private static async LoopTask<KafkaException> Refused(LoopTask task)
    {
        try
        {
            await task;
        }
        catch (KafkaException e)
        {
            return e;
        }

        throw new InvalidOperationException("It was not refused.");
    }

    private static async LoopTask<bool> TryProduce(RawClient client, int leader, string value)
    {
        try
        {
            return (await client.Produce(leader, "orders", -1, value)).ErrorCode == ErrorCode.None;
        }
        catch (global::Reference.Rpc.RpcException)
        {
            return false; // its leader has died
        }
    }
}
