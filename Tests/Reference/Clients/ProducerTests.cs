using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reference.Clients;
using Reference.Clients.Producing;
using Reference.Wire;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Clients;

/// <summary>The producer against a scripted leader in the simulator.</summary>
public sealed class ProducerTests
{
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(5);

    private static ProducerOptions Options(FakeCluster cluster) => new()
    {
        BootstrapServers = cluster.Client.BootstrapServers,
        RequestTimeout = TimeSpan.FromMilliseconds(500),
        DeliveryTimeout = TimeSpan.FromSeconds(5),
        MaxInFlight = 1,
    };

    [Fact]
    public void Records_sent_together_share_a_batch_and_each_is_acknowledged_with_its_own_offset()
    {
        var cluster = new FakeCluster();
        cluster.Run(async node =>
        {
            var producer = new Producer(node, Options(cluster) with { Linger = TimeSpan.FromMilliseconds(20) });
            await producer.PartitionsFor(FakeCluster.Topic);
            var sent = new List<LoopTask<RecordMetadata>>();
            for (var i = 0; i < 10; i++) sent.Add(producer.Send(Record($"v{i}")));
            for (var i = 0; i < 10; i++) Assert.Equal(i, (await sent[i]).Offset);
            await producer.Close(s_closing);
        });

        Assert.Equal(1, cluster.ProduceRequests);
    }

    [Theory]
    [InlineData(ProduceScript.Reset)]
    [InlineData(ProduceScript.Silence)]
    [InlineData(ProduceScript.NotEnoughReplicas)]
    [InlineData(ProduceScript.NotLeader)]
    public void A_retriable_failure_is_tried_again_and_the_order_is_kept(object script)
    {
        var cluster = new FakeCluster();
        cluster.Script.Enqueue((ProduceScript)script);
        cluster.Run(async node =>
        {
            var producer = new Producer(node, Options(cluster) with { BatchSize = 0 });
            var sent = new List<LoopTask<RecordMetadata>>();
            for (var i = 0; i < 20; i++) sent.Add(producer.Send(Record($"v{i}")));
            for (var i = 0; i < 20; i++) Assert.Equal(i, (await sent[i]).Offset);
            await producer.Close(s_closing);
        });

        for (var i = 0; i < 20; i++) Assert.Equal($"v{i}", cluster.Values(0)[i]);
    }

    [Fact]
    public void A_producer_that_wants_no_answers_learns_of_a_new_leader_by_the_loss_of_its_connection()
    {
        var cluster = new FakeCluster();
        cluster.Run(async node =>
        {
            var producer = new Producer(node, Options(cluster) with { Acks = 0 });
            Assert.Equal(-1, (await producer.Send(Record("first"))).Offset);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            (cluster.Leader, cluster.LeaderEpoch) = (2, 1);
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal(-1, (await producer.Send(Record($"v{i}"))).Offset);
                await node.Clock.Delay(TimeSpan.FromSeconds(1));
            }

            await producer.Close(s_closing);
        });

        // What it sent before it knew is lost, and only that.
        Assert.Equal(["first", .. Enumerable.Range(1, 9).Select(i => $"v{i}")], cluster.Values(0));
    }

    [Fact]
    public void A_lost_acknowledgement_and_a_retry_append_twice_because_there_is_no_idempotence()
    {
        var cluster = new FakeCluster();
        cluster.Script.Enqueue(ProduceScript.AppendThenReset);
        cluster.Run(async node =>
        {
            var producer = new Producer(node, Options(cluster));
            Assert.Equal(1, (await producer.Send(Record("once"))).Offset);
            await producer.Close(s_closing);
        });

        Assert.Equal(["once", "once"], cluster.Values(0));
    }

    [Theory]
    [InlineData(ProduceScript.AppendThenReset, ErrorCode.NetworkException, true)]
    [InlineData(ProduceScript.Silence, ErrorCode.RequestTimedOut, true)]
    [InlineData(ProduceScript.NotLeader, ErrorCode.NotLeaderOrFollower, true)]
    [InlineData(ProduceScript.NotEnoughReplicas, ErrorCode.NotEnoughReplicas, false)]
    [InlineData(ProduceScript.MessageTooLarge, ErrorCode.MessageTooLarge, false)]
    public void A_failure_tells_whether_the_record_may_be_in_the_log(object script, ErrorCode code, bool unknown)
    {
        var cluster = new FakeCluster();
        cluster.Script.Enqueue((ProduceScript)script);
        cluster.Run(async node =>
        {
            var producer = new Producer(node, Options(cluster) with { Retries = 0 });
            var failure = await FailureOf(producer.Send(Record("v")));
            Assert.Equal((code, unknown), (failure.Code, failure.IsUnknownOutcome));
            await producer.Close(s_closing);
        });
    }

    [Fact]
    public void A_refusal_after_an_attempt_of_unknown_outcome_stays_unknown()
    {
        var cluster = new FakeCluster();
        cluster.Script.Enqueue(ProduceScript.AppendThenReset);
        cluster.Script.Enqueue(ProduceScript.MessageTooLarge);
        cluster.Run(async node =>
        {
            var producer = new Producer(node, Options(cluster));
            var failure = await FailureOf(producer.Send(Record("v")));
            Assert.Equal((ErrorCode.MessageTooLarge, true), (failure.Code, failure.IsUnknownOutcome));
            await producer.Close(s_closing);
        });
    }

    [Fact]
    public void A_batch_that_is_never_acknowledged_fails_at_the_delivery_timeout()
    {
        var cluster = new FakeCluster();
        for (var i = 0; i < 100; i++) cluster.Script.Enqueue(ProduceScript.NotEnoughReplicas);
        cluster.Run(async node =>
        {
            var producer = new Producer(node, Options(cluster));
            await producer.PartitionsFor(FakeCluster.Topic);
            var begin = node.Clock.MonotonicMillis();
            var failure = await FailureOf(producer.Send(Record("v")));
            Assert.Equal((ErrorCode.RequestTimedOut, false), (failure.Code, failure.IsUnknownOutcome));
            Assert.InRange(node.Clock.MonotonicMillis() - begin, 4_900, 5_600);
            await producer.Close(s_closing);
        });

        Assert.InRange(cluster.ProduceRequests, 20, 60); // every 100 ms, not in a hot loop
    }

    [Fact]
    public void A_send_waits_for_buffer_memory_and_fails_without_a_trace_after_max_block()
    {
        var cluster = new FakeCluster();
        cluster.Script.Enqueue(ProduceScript.Silence);
        cluster.Run(async node =>
        {
            var producer = new Producer(node, Options(cluster) with { BufferMemory = 1_000, BatchSize = 0, MaxBlock = TimeSpan.FromMilliseconds(100) });
            await producer.PartitionsFor(FakeCluster.Topic);
            var first = producer.Send(Record(new string('a', 800)));
            var refused = await FailureOf(producer.Send(Record(new string('b', 800))));
            Assert.False(refused.IsUnknownOutcome);
            Assert.Contains("buffer.memory", refused.Message, StringComparison.Ordinal);
            Assert.Equal(0, (await first).Offset);
            await producer.Close(s_closing);
        });

        Assert.Single(cluster.Values(0));
    }

    [Fact]
    public void An_unknown_topic_fails_after_max_block()
    {
        var cluster = new FakeCluster();
        cluster.Run(async node =>
        {
            var producer = new Producer(node, Options(cluster) with { MaxBlock = TimeSpan.FromMilliseconds(300) });
            var failure = await FailureOf(producer.Send(new ProducerRecord("nowhere", null, Encoding.UTF8.GetBytes("v"))));
            Assert.Equal((ErrorCode.UnknownTopicOrPartition, false), (failure.Code, failure.IsUnknownOutcome));
            await producer.Close(s_closing);
        });
    }

    [Fact]
    public void Keys_choose_their_partition_by_murmur2_as_in_other_languages()
    {
        var cluster = new FakeCluster(partitions: 7);
        cluster.Run(async node =>
        {
            var producer = new Producer(node, Options(cluster));
            foreach (var key in new[] { "21", "foobar", "a-little-bit-long-string", "" })
            {
                var bytes = Encoding.UTF8.GetBytes(key);
                var where = await producer.Send(new ProducerRecord(FakeCluster.Topic, bytes, null));
                Assert.Equal(Murmur2.Partition(bytes, 7), where.Partition);
            }

            await producer.Close(s_closing);
        });
    }

    [Fact]
    public void Flush_ends_when_all_that_was_sent_before_is_acknowledged()
    {
        var cluster = new FakeCluster();
        cluster.Run(async node =>
        {
            var producer = new Producer(node, Options(cluster) with { Linger = TimeSpan.FromSeconds(3), DeliveryTimeout = TimeSpan.FromSeconds(30) });
            await producer.PartitionsFor(FakeCluster.Topic);
            var sent = producer.Send(Record("v"));
            var begin = node.Clock.MonotonicMillis();
            await producer.Flush();
            Assert.True(sent.IsCompleted);
            Assert.InRange(node.Clock.MonotonicMillis() - begin, 0, 1_000);
            await producer.Close(s_closing);
        });
    }

    [Fact]
    public void A_dial_that_is_refused_at_once_is_tried_again()
    {
        var cluster = new FakeCluster();
        cluster.Run(async node =>
        {
            var refusing = new Node(node.Name, node.Loop, node.Clock, new RefusingNetwork(node.Network, refusals: 3), node.Disk, node.Random, node.Logs, new NoBuggify());
            var producer = new Producer(refusing, Options(cluster));
            Assert.Equal(0, (await producer.Send(Record("v"))).Offset);
            await producer.Close(s_closing);
        });
    }

    private static ProducerRecord Record(string value) => new(FakeCluster.Topic, null, Encoding.UTF8.GetBytes(value), Partition: 0);

    private static async LoopTask<KafkaException> FailureOf(LoopTask<RecordMetadata> sending)
    {
        try
        {
            var where = await sending;
            throw new InvalidOperationException($"The record was acknowledged at {where.Offset}.");
        }
        catch (KafkaException e)
        {
            return e;
        }
    }

    /// <summary>Refuses the first dials without a turn of the loop, as the loopback interface does.</summary>
    private sealed class RefusingNetwork(INetwork inner, int refusals) : INetwork
    {
        private int _left = refusals;

        public LoopTask<IListener> Listen(Endpoint endpoint, int backlog) => inner.Listen(endpoint, backlog);

        public LoopTask<IConnection> Connect(Endpoint remote, TimeSpan timeout) => _left-- > 0
            ? LoopTask.FromException<IConnection>(new NetworkException(NetworkError.Refused, $"Nobody listens on {remote}."))
            : inner.Connect(remote, timeout);
    }
}
