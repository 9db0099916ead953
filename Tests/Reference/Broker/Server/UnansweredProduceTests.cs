using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reference.Clients.Producing;
using Reference.Rpc;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Schema;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Server;

/// <summary>Produce with acks=0: no answer, whatever happens; an error ends the connection, since nothing else could tell of it.</summary>
public class UnansweredProduceTests
{
    private const string Topic = "orders";
    private const short ProduceVersion = 8;

    [Fact]
    public void It_is_not_answered_and_the_requests_around_it_are_in_their_order()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        kafka.Run(async client =>
        {
            await client.LeaderOf(1, Topic);
            var connection = await Connect(client, 1);
            Send(connection, 1, Produce(0, (Topic, 0, "a")), ProduceVersion);
            Send(connection, 2, new ApiVersionsRequest(), 0);
            Send(connection, 3, Produce(0, (Topic, 0, "b")), ProduceVersion);
            Send(connection, 4, Produce(0, (Topic, 0, "c")), ProduceVersion);
            Send(connection, 5, Produce(1, (Topic, 0, "d")), ProduceVersion);
            Assert.Equal(2, CorrelationOf(await connection.ReadOwned()));
            var last = await connection.ReadOwned();
            Assert.Equal(5, CorrelationOf(last));
            Assert.Equal(3, Frames.DecodeResponse<ProduceResponse>(last, ProduceVersion, out _).Responses[0].PartitionResponses[0].BaseOffset);
            Assert.Equal(["a", "b", "c", "d"], RawClient.ValuesOf((await client.Fetch(1, Topic, 0)).Records));
        });
    }

    [Fact]
    public void It_does_not_ask_for_in_sync_replicas()
    {
        var kafka = new SimKafka(brokers: 1, configure: static c => c with { MinInsyncReplicas = 2 });
        kafka.AwaitRunning();
        kafka.Run(async client =>
        {
            await client.LeaderOf(1, Topic);
            Assert.Equal(ErrorCode.NotEnoughReplicas, (await client.Produce(1, Topic, -1, "refused")).ErrorCode);
            var connection = await Connect(client, 1);
            Send(connection, 1, Produce(0, (Topic, 0, "a")), ProduceVersion);
            Send(connection, 2, new ApiVersionsRequest(), 0);
            Assert.Equal(2, CorrelationOf(await connection.ReadOwned()));
            Assert.Equal(["a"], RawClient.ValuesOf((await client.Fetch(1, Topic, 0)).Records));
        });
    }

    [Theory]
    [InlineData(Topic, 9, true)] // no such partition
    [InlineData("nowhere", 0, true)] // no such topic
    [InlineData(Topic, 0, false)] // another broker leads
    public void An_error_ends_the_connection_and_what_could_be_appended_is(string topic, int partition, bool atTheLeader)
    {
        var kafka = new SimKafka(brokers: 2);
        kafka.AwaitRunning();
        kafka.Await(() => kafka.Servers.TrueForAll(static s => s!.Metadata.Brokers.Count == 2));
        kafka.Run(async client =>
        {
            var leader = await client.LeaderOf(1, Topic);
            var connection = await Connect(client, atTheLeader ? leader : 3 - leader);
            Send(connection, 1, Produce(0, [.. atTheLeader ? new[] { (Topic, 0, "kept") } : [], (topic, partition, "lost")]), ProduceVersion);
            Send(connection, 2, new ApiVersionsRequest(), 0);
            Assert.True(await HasEnded(connection));
            Assert.Equal(atTheLeader ? ["kept"] : [], RawClient.ValuesOf((await client.Fetch(leader, Topic, 0)).Records));
        });
    }

    [Fact]
    public void A_producer_that_wants_none_has_its_outcome_at_once_without_an_offset()
    {
        var kafka = new SimKafka(brokers: 1);
        kafka.AwaitRunning();
        kafka.Run(async client =>
        {
            var producer = new Producer(client.Node, new ProducerOptions { BootstrapServers = [new Endpoint(SimKafka.HostOf(1), SimKafka.Port)], Acks = 0 });
            Assert.Equal(-1, (await producer.Send(Record("a"))).Offset);
            kafka.Machines[0].Freeze(TimeSpan.FromSeconds(2)); // nobody is there who could answer
            var before = client.Node.Clock.MonotonicMillis();
            var sent = new List<LoopTask<RecordMetadata>> { producer.Send(Record("b")), producer.Send(Record("c")) };
            foreach (var outcome in sent) Assert.Equal(-1, (await outcome).Offset);
            Assert.InRange(client.Node.Clock.MonotonicMillis() - before, 0, 100);
            await producer.Close(TimeSpan.FromSeconds(5));
        });
        kafka.World.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(["a", "b", "c"], kafka.Run(async client => RawClient.ValuesOf((await client.Fetch(1, Topic, 0)).Records)));
    }

    private static ProducerRecord Record(string value) => new(Topic, null, Encoding.UTF8.GetBytes(value));

    private static ProduceRequest Produce(short acks, params (string Topic, int Partition, string Value)[] records) => new()
    {
        Acks = acks,
        TimeoutMs = 10_000,
        TopicData = [.. records.Select(r => new ProduceRequest.TopicProduceData { Name = r.Topic, PartitionData = [new() { Index = r.Partition, Records = RawClient.Batch(r.Value) }] })],
    };

    private static async LoopTask<FrameConnection> Connect(RawClient client, int broker) =>
        new(await client.Node.Network.Connect(new Endpoint(SimKafka.HostOf(broker), SimKafka.Port), TimeSpan.FromSeconds(5)), 1 << 20);

    private static void Send<TRequest>(FrameConnection connection, int correlation, TRequest request, short version)
        where TRequest : IApiMessage<TRequest> => connection.Write(OutgoingFrame.Ready(Frames.EncodeRequest(request, version, correlation, "raw")));

    private static int CorrelationOf(byte[]? frame) => BinaryPrimitives.ReadInt32BigEndian(frame);

    /// <summary>Whether the broker ends it without having sent anything.</summary>
    private static async LoopTask<bool> HasEnded(FrameConnection connection)
    {
        try
        {
            return await connection.ReadOwned() is null;
        }
        catch (NetworkException)
        {
            return true;
        }
    }
}
