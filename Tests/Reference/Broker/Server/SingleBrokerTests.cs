using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Lifecycle;
using Reference.Coordination;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Server;

public class SingleBrokerTests
{
    [Fact]
    public void A_produce_request_with_two_batches_for_a_partition_is_refused_and_nothing_of_it_appended()
    {
        var kafka = new SimKafka(1);
        kafka.AwaitRunning();
        kafka.Run(async client =>
        {
            var leader = await client.LeaderOf(1, "orders");
            byte[] two = [.. RawClient.Batch("a"), .. RawClient.Batch("b")];
            var request = new ProduceRequest { Acks = 1, TimeoutMs = 10_000, TopicData = [new() { Name = "orders", PartitionData = [new() { Index = 0, Records = two }] }] };
            var answer = (await client.Call<ProduceRequest, ProduceResponse>(leader, request, 8)).Responses[0].PartitionResponses[0];
            Assert.Equal(ErrorCode.InvalidRecord, answer.ErrorCode);
            Assert.Equal(0, (await client.Produce(leader, "orders", 1, "c")).BaseOffset);
        });
    }

    [Fact]
    public void A_topic_is_created_on_its_first_use_and_what_is_produced_is_fetched()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        var values = kafka.Run(async client =>
        {
            var leader = await client.LeaderOf(1, "orders");
            foreach (short acks in (short[])[1, -1])
            {
                var produced = await client.Produce(leader, "orders", acks, "a", "b");
                Assert.Equal(ErrorCode.None, produced.ErrorCode);
            }

            return RawClient.ValuesOf((await client.Fetch(leader, "orders", 0)).Records);
        });
        Assert.Equal(["a", "b", "a", "b"], values);
    }

    [Fact]
    public void Acknowledged_records_outlive_a_power_loss_with_flush_per_message()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        kafka.Run(async client =>
        {
            var leader = await client.LeaderOf(1, "orders");
            Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, "kept")).ErrorCode);
        });
        kafka.Machines[0].LosePower();
        kafka.World.RunFor(TimeSpan.FromSeconds(10));
        kafka.Machines[0].Restart();
        kafka.World.RunFor(TimeSpan.FromSeconds(1));
        kafka.AwaitRunning();
        var values = kafka.Run(async client => RawClient.ValuesOf((await client.Fetch(await client.LeaderOf(1, "orders"), "orders", 0)).Records));
        Assert.Equal(["kept"], values);
    }

    [Fact]
    public void A_fetch_at_the_end_waits_for_the_next_record_and_no_longer()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        var waitedMs = kafka.Run(async client =>
        {
            var leader = await client.LeaderOf(1, "orders");
            await client.Produce(leader, "orders", 1, "first");
            var before = client.Node.Clock.MonotonicMillis();
            var waiting = client.Fetch(leader, "orders", 1, maxWaitMs: 20_000);
            var other = new RawClient(client.Node);
            await client.Node.Clock.Delay(TimeSpan.FromSeconds(2));
            await other.Produce(leader, "orders", 1, "second");
            Assert.Equal(["second"], RawClient.ValuesOf((await waiting).Records));
            return client.Node.Clock.MonotonicMillis() - before;
        });
        Assert.InRange(waitedMs, 2000, 2500);
    }

    [Fact]
    public void A_topic_whose_assignment_is_malformed_spares_those_asked_for_with_it()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        kafka.Run(async client =>
        {
            await client.LeaderOf(1, "orders");
            var store = new CoordinationClient(client.Node, new CoordinationClientOptions("store:2181"));
            await store.Start();
            await store.Create("/brokers/topics/bad", "nonsense"u8.ToArray());
            var asked = new MetadataRequest { Topics = [new() { Name = "orders" }, new() { Name = "bad" }], AllowAutoTopicCreation = true };
            var answer = await client.Call<MetadataRequest, MetadataResponse>(1, asked, 9);
            Assert.Equal([ErrorCode.None, ErrorCode.LeaderNotAvailable], answer.Topics.Select(t => t.ErrorCode));
        });
    }

    [Fact]
    public void Requests_are_refused_by_code()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        kafka.Run(async client =>
        {
            var leader = await client.LeaderOf(1, "orders");
            Assert.Equal(ErrorCode.InvalidRequiredAcks, (await client.Produce(leader, "orders", 2, "x")).ErrorCode);
            Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.Produce(leader, "nowhere", 1, "x")).ErrorCode);
            Assert.Equal(ErrorCode.OffsetOutOfRange, (await client.Fetch(leader, "orders", 5)).ErrorCode);
            Assert.Equal(ErrorCode.UnknownLeaderEpoch, (await client.Fetch(leader, "orders", 0, epoch: 7)).ErrorCode);
            Assert.Equal(ErrorCode.InvalidTopicException, (await client.Metadata(1, "no good")).Topics[0].ErrorCode);
        });
    }

    [Fact]
    public void Offsets_are_found_by_end_start_and_time()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        var offsets = kafka.Run(async client =>
        {
            var leader = await client.LeaderOf(1, "orders");
            await client.Produce(leader, "orders", 1, "a", "b", "c");
            var found = new List<long>();
            foreach (long timestamp in (long[])[-1, -2, 1_699_999_999_999, 1_800_000_000_000])
            {
                var request = new ListOffsetsRequest { ReplicaId = -1, Topics = [new() { Name = "orders", Partitions = [new() { Timestamp = timestamp }] }] };
                found.Add((await client.Call<ListOffsetsRequest, ListOffsetsResponse>(leader, request, 5)).Topics[0].Partitions[0].Offset);
            }

            return found;
        });
        Assert.Equal([3, 0, 0, -1], offsets);
    }

    [Fact]
    public void Topics_are_created_and_deleted_on_request()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.Await(() => kafka.Servers[0] is { IsController: true });
        kafka.AwaitRunning();
        kafka.Run(async client =>
        {
            var create = new CreateTopicsRequest { TimeoutMs = 10_000, Topics = [new() { Name = "made", NumPartitions = 3, ReplicationFactor = 1 }] };
            var created = (await client.Call<CreateTopicsRequest, CreateTopicsResponse>(1, create, 5)).Topics[0];
            Assert.Equal((ErrorCode.None, 3), (created.ErrorCode, created.NumPartitions));
            Assert.Equal(ErrorCode.TopicAlreadyExists, (await client.Call<CreateTopicsRequest, CreateTopicsResponse>(1, create, 5)).Topics[0].ErrorCode);
            Assert.Equal(3, (await client.Metadata(1, "made")).Topics[0].Partitions.Count);
            var delete = new DeleteTopicsRequest { TimeoutMs = 10_000, TopicNames = ["made"] };
            Assert.Equal(ErrorCode.None, (await client.Call<DeleteTopicsRequest, DeleteTopicsResponse>(1, delete, 4)).Responses[0].ErrorCode);
            Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.Call<DeleteTopicsRequest, DeleteTopicsResponse>(1, delete, 4)).Responses[0].ErrorCode);
        });
    }

    /// <summary>The refusals repeat what was asked for, and no string of the protocol is so long.</summary>
    [Fact]
    public void Requests_with_the_longest_of_names_are_refused_in_a_sentence_that_can_be_sent()
    {
        var name = new string('x', short.MaxValue);
        var kafka = new SimKafka(brokers: 1);
        kafka.Await(() => kafka.Servers[0] is { IsController: true });
        kafka.AwaitRunning();
        kafka.Run(async client =>
        {
            var twice = new CreatePartitionsRequest { TimeoutMs = 1000, Topics = [new() { Name = name, Count = 2 }, new() { Name = name, Count = 2 }] };
            Assert.All((await client.Call<CreatePartitionsRequest, CreatePartitionsResponse>(1, twice, 1)).Results, r => Refused(ErrorCode.InvalidRequest, r.ErrorCode, r.ErrorMessage));
            var moved = new AlterPartitionReassignmentsRequest { TimeoutMs = 1000, Topics = [new() { Name = name, Partitions = [new() { PartitionIndex = 0, Replicas = [.. Enumerable.Range(1, 10_000)] }] }] };
            var partition = (await client.Call<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>(1, moved, 0)).Responses[0].Partitions[0];
            Refused(ErrorCode.UnknownTopicOrPartition, partition.ErrorCode, partition.ErrorMessage);
            var create = new CreateTopicsRequest
            {
                TimeoutMs = 1000,
                Topics =
                [
                    new() { Name = "a", NumPartitions = 1, ReplicationFactor = 1, Configs = [new() { Name = name, Value = "1" }] },
                    new() { Name = "b", NumPartitions = 1, ReplicationFactor = 1, Configs = [new() { Name = "retention.ms", Value = name }] },
                    new() { Name = "c", NumPartitions = -1, ReplicationFactor = -1, Assignments = [new() { PartitionIndex = 0, BrokerIds = [.. Enumerable.Range(2, 10_000)] }] },
                ],
            };
            var created = (await client.Call<CreateTopicsRequest, CreateTopicsResponse>(1, create, 5)).Topics;
            Refused(ErrorCode.InvalidConfig, created[0].ErrorCode, created[0].ErrorMessage);
            Refused(ErrorCode.InvalidConfig, created[1].ErrorCode, created[1].ErrorMessage);
            Refused(ErrorCode.InvalidReplicaAssignment, created[2].ErrorCode, created[2].ErrorMessage);
        });

        static void Refused(ErrorCode expected, ErrorCode error, string? sentence)
        {
            Assert.Equal(expected, error);
            Assert.InRange(sentence!.Length, 20, 1001);
        }
    }

    [Fact]
    public void Producer_ids_are_given_once()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        var ids = kafka.Run(async client =>
        {
            var given = new HashSet<long>();
            for (var i = 0; i < 3; i++) given.Add((await client.Call<InitProducerIdRequest, InitProducerIdResponse>(1, new InitProducerIdRequest(), 1)).ProducerId);
            return given;
        });
        Assert.Equal(3, ids.Count);
    }

    [Fact]
    public void It_stops_in_order_and_starts_again_without_recovery()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        kafka.Run(async client => { await client.Produce(await client.LeaderOf(1, "orders"), "orders", 1, "kept"); });
        var server = kafka.Servers[0]!;
        kafka.Machines[0].Invoke(() => kafka.Machines[0].Process!.Loop.Spawn(server.Stop()));
        kafka.Await(() => !kafka.Machines[0].IsUp);
        Assert.Equal(BrokerState.NotRunning, server.State);
        kafka.Machines[0].Restart();
        kafka.World.RunFor(TimeSpan.FromSeconds(1));
        kafka.AwaitRunning();
        var values = kafka.Run(async client => RawClient.ValuesOf((await client.Fetch(await client.LeaderOf(1, "orders"), "orders", 0)).Records));
        Assert.Equal(["kept"], values);
    }
}
