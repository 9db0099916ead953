using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reference.Clients;
using Reference.Clients.Consuming;
using Reference.Wire;
using Reference.Wire.Records;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Clients;

/// <summary>The consumer against a scripted leader in the simulator.</summary>
public sealed class ConsumerTests
{
    private static readonly TopicPartition s_partition = new(FakeCluster.Topic, 0);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private static ConsumerOptions Options(FakeCluster cluster) => new()
    {
        BootstrapServers = cluster.Client.BootstrapServers,
        RequestTimeout = TimeSpan.FromSeconds(2),
        AutoOffsetReset = OffsetReset.Earliest,
    };

    [Fact]
    public void Records_come_in_the_order_of_their_offsets_and_no_poll_gives_more_than_allowed()
    {
        var cluster = new FakeCluster();
        cluster.Seed(0, 0, "a", "b", "c");
        cluster.Seed(0, 0, "d", "e");
        cluster.Run(async node =>
        {
            var consumer = Assigned(node, Options(cluster) with { MaxPollRecords = 2 });
            Assert.Equal(["a", "b"], await Values(consumer));
            Assert.Equal(2, await consumer.Position(s_partition, s_second));
            Assert.Equal(["c", "d"], await Values(consumer));
            Assert.Equal(["e"], await Values(consumer));
            await consumer.Close();
        });
    }

    [Fact]
    public void A_record_without_a_key_or_a_value_has_none_which_is_not_an_empty_one()
    {
        var cluster = new FakeCluster();
        var batch = new RecordBatchBuilder();
        batch.Append(0, "k"u8.ToArray(), null); // a tombstone
        batch.Append(0, null, ReadOnlyMemory<byte>.Empty);
        cluster.Logs[0].Add(batch.Build());
        cluster.Run(async node =>
        {
            var consumer = Assigned(node, Options(cluster));
            var records = await consumer.Poll(s_second);
            Assert.Equal([(true, false), (false, true)], records.Select(r => (r.Key.HasValue, r.Value.HasValue)));
            await consumer.Close();
        });
    }

    [Fact]
    public void A_fetch_in_flight_at_a_seek_is_not_applied()
    {
        var cluster = new FakeCluster { FetchDelay = TimeSpan.FromMilliseconds(50) };
        cluster.Seed(0, 0, "a", "b", "c");
        cluster.Run(async node =>
        {
            var consumer = Assigned(node, Options(cluster));
            Assert.Equal(0, await consumer.Position(s_partition, s_second));
            Assert.Empty(await consumer.Poll(TimeSpan.FromMilliseconds(5))); // the fetch from 0 is under way
            consumer.Seek(s_partition, 2);
            Assert.Equal(["c"], await Values(consumer));
            cluster.Seed(0, 0, "d");
            consumer.Seek(s_partition, 1); // the fetch from 3, begun by the last poll, is under way and will bring "d"
            Assert.Equal(["b", "c", "d"], await Values(consumer));
            await consumer.Close();
        });

        Assert.Equal(0, cluster.FetchedOffsets[0]);
    }

    [Fact]
    public void What_was_buffered_before_a_new_assignment_is_not_given()
    {
        var cluster = new FakeCluster(partitions: 2);
        cluster.Seed(0, 0, "a", "b");
        cluster.Seed(1, 0, "x");
        cluster.Run(async node =>
        {
            var consumer = Assigned(node, Options(cluster) with { MaxPollRecords = 1 });
            Assert.Equal(["a"], await Values(consumer)); // "b" is buffered
            consumer.Assign([new TopicPartition(FakeCluster.Topic, 1)]);
            Assert.Equal(["x"], await Values(consumer));
            consumer.Assign([s_partition]);
            Assert.Equal(["a"], await Values(consumer));
            await consumer.Close();
        });
    }

    [Fact]
    public void A_paused_partition_gives_nothing_and_goes_on_where_it_was()
    {
        var cluster = new FakeCluster();
        cluster.Seed(0, 0, "a", "b");
        cluster.Run(async node =>
        {
            var consumer = Assigned(node, Options(cluster) with { MaxPollRecords = 1 });
            Assert.Equal(["a"], await Values(consumer));
            consumer.Pause(s_partition);
            Assert.Empty(await consumer.Poll(TimeSpan.FromMilliseconds(200)));
            consumer.Resume(s_partition);
            Assert.Equal(["b"], await Values(consumer));
            await consumer.Close();
        });
    }

    [Theory]
    [InlineData(OffsetReset.Earliest, "a")]
    [InlineData(OffsetReset.Latest, "new")]
    public void An_offset_out_of_range_follows_the_reset_policy(OffsetReset policy, string first)
    {
        var cluster = new FakeCluster();
        cluster.Seed(0, 0, "a");
        cluster.Run(async node =>
        {
            var consumer = Assigned(node, Options(cluster) with { AutoOffsetReset = policy });
            consumer.Seek(s_partition, 99);
            var polled = await consumer.Poll(TimeSpan.FromMilliseconds(300));
            if (policy == OffsetReset.Latest) Assert.Empty(polled);
            cluster.Seed(0, 0, "new");
            var values = polled.Count > 0 ? Text(polled) : await Values(consumer);
            Assert.Equal(first, values[0]);
            await consumer.Close();
        });
    }

    [Fact]
    public void Without_a_reset_policy_a_missing_and_a_wrong_position_throw_until_a_seek()
    {
        var cluster = new FakeCluster();
        cluster.Seed(0, 0, "a");
        cluster.Run(async node =>
        {
            var consumer = Assigned(node, Options(cluster) with { AutoOffsetReset = OffsetReset.None });
            Assert.Equal(s_partition, Assert.IsType<NoOffsetForPartitionException>(await FailureOf(consumer)).Partition);
            consumer.Seek(s_partition, 99);
            Assert.Equal(99, Assert.IsType<OffsetOutOfRangeException>(await FailureOf(consumer)).Offset);
            consumer.SeekToBeginning(s_partition);
            Assert.Equal(["a"], await Values(consumer));
            await consumer.Close();
        });
    }

    [Fact]
    public void A_truncation_below_the_position_is_found_after_a_change_of_leader()
    {
        var cluster = new FakeCluster();
        cluster.Seed(0, 0, "a", "b", "c");
        cluster.Run(async node =>
        {
            var consumer = Assigned(node, Options(cluster) with { AutoOffsetReset = OffsetReset.None });
            consumer.SeekToBeginning(s_partition);
            Assert.Equal(["a", "b", "c"], await Values(consumer));
            Unclean(cluster);
            var found = Assert.IsType<LogTruncationException>(await FailureOf(consumer));
            Assert.Equal((3L, 1L), (found.Position, found.DivergentOffset));
            await consumer.Close();
        });
    }

    [Fact]
    public void With_a_reset_policy_a_truncated_consumer_goes_on_at_the_divergent_offset()
    {
        var cluster = new FakeCluster();
        cluster.Seed(0, 0, "a", "b", "c");
        cluster.Run(async node =>
        {
            var consumer = Assigned(node, Options(cluster));
            Assert.Equal(["a", "b", "c"], await Values(consumer));
            Unclean(cluster);
            Assert.Equal(["B", "C", "D"], await Values(consumer));
            await consumer.Close();
        });
    }

    [Fact]
    public void Whoever_led_before_the_epoch_that_is_read_is_not_asked_though_no_broker_remembered_the_epoch_meanwhile()
    {
        var cluster = new FakeCluster { LeaderEpoch = 1 };
        cluster.Seed(0, 1, "a", "b", "c");
        cluster.Run(async node =>
        {
            var consumer = Assigned(node, Options(cluster));
            Assert.Equal(["a", "b", "c"], await Values(consumer));
            (cluster.KnowsTopic, cluster.LeaderEpoch) = (false, 2);
            Assert.Empty(await consumer.Poll(s_second));
            cluster.Logs[0].Clear();
            cluster.Seed(0, 0, "a");
            (cluster.KnowsTopic, cluster.Leader, cluster.LeaderEpoch) = (true, 2, 0); // behind, and told last of the epoch before
            Assert.Empty(await consumer.Poll(s_second));
            cluster.Logs[0].Clear();
            cluster.Seed(0, 1, "a", "b", "c");
            cluster.Seed(0, 3, "d");
            (cluster.Leader, cluster.LeaderEpoch, cluster.EpochEnd) = (1, 3, (1, 3));
            Assert.Equal(["d"], await Values(consumer));
            await consumer.Close();
        });
    }

    [Fact]
    public void A_batch_with_a_wrong_checksum_is_refused_by_name()
    {
        var cluster = new FakeCluster();
        cluster.Seed(0, 0, "a");
        cluster.Logs[0][0][^1] ^= 1;
        cluster.Run(async node =>
        {
            var consumer = Assigned(node, Options(cluster));
            var found = await FailureOf(consumer);
            Assert.Equal(ErrorCode.CorruptMessage, found.Code);
            Assert.Contains("t-0 at offset 0", found.Message, StringComparison.Ordinal);
            await consumer.Close();
        });
    }

    [Fact]
    public void A_poll_without_records_ends_at_its_timeout()
    {
        var cluster = new FakeCluster { FetchDelay = TimeSpan.FromMilliseconds(20) };
        cluster.Run(async node =>
        {
            var consumer = Assigned(node, Options(cluster));
            var begin = node.Clock.MonotonicMillis();
            Assert.Empty(await consumer.Poll(s_second));
            Assert.InRange(node.Clock.MonotonicMillis() - begin, 1_000, 1_050);
            await consumer.Close();
        });
    }

    /// <summary>Broker 2 leads with a log that diverges after offset 0.</summary>
    private static void Unclean(FakeCluster cluster)
    {
        cluster.Logs[0].Clear();
        cluster.Seed(0, 0, "a");
        cluster.Seed(0, 1, "B", "C", "D");
        (cluster.Leader, cluster.LeaderEpoch, cluster.EpochEnd) = (2, 1, (0, 1));
    }

    private static Consumer Assigned(Node node, ConsumerOptions options)
    {
        var consumer = new Consumer(node, options);
        consumer.Assign([s_partition]);
        return consumer;
    }

    private static async LoopTask<List<string>> Values(Consumer consumer) => Text(await consumer.Poll(TimeSpan.FromSeconds(30)));

    private static List<string> Text(IReadOnlyList<ConsumerRecord> records) => records.Select(static r => Encoding.UTF8.GetString(r.Value!.Value.Span)).ToList();

    private static async LoopTask<KafkaException> FailureOf(Consumer consumer)
    {
        try
        {
            var records = await consumer.Poll(TimeSpan.FromSeconds(30));
            throw new InvalidOperationException($"The poll gave {records.Count} records.");
        }
        catch (KafkaException e)
        {
            return e;
        }
    }
}
