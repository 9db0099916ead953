using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Wire;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Hosting;

/// <content>What becomes of old records.</content>
public sealed partial class RealSocketTests
{
    private const int ValueBytes = 600;
    private const string SegmentOfOneRecord = "1000"; // bytes: a second record does not fit

    [Fact]
    public async Task Old_segments_go_on_every_replica_when_a_log_is_too_large()
    {
        var partition = new TopicPartition("by-size", 0);
        await Clients.Create("by-size", [[1, 2, 3]], ("segment.bytes", SegmentOfOneRecord), ("retention.bytes", "2500"));
        await Clients.Send(partition, Values("v", 20));
        await Eventually.Holds(async () => await Clients.BeginningOf(partition) == 16, "four segments are the fewest with 2500 bytes");
        foreach (var broker in Clients.Cluster.BrokerIds)
            await Eventually.Holds(() => Clients.LogBytes(broker, partition) is >= 2500 and < 2500 + 1000, $"no more than that on the disk of broker {broker}");
        Assert.Equal(Values("v", 20).Skip(16), await Clients.Values(partition));
    }

    [Fact]
    public async Task Segments_go_on_every_replica_when_their_records_are_too_old()
    {
        var partition = new TopicPartition("by-time", 0);
        await Clients.Create("by-time", [[1, 2, 3]], ("segment.bytes", SegmentOfOneRecord), ("retention.ms", "3600000"));
        var before = DateTimeOffset.UtcNow.AddHours(-2).ToUnixTimeMilliseconds();
        await Clients.Send(partition, Values("old", 6), before);
        await Clients.Send(partition, Values("new", 4));
        await Eventually.Holds(async () => await Clients.BeginningOf(partition) == 6, "the six of two hours ago are gone");
        foreach (var broker in Clients.Cluster.BrokerIds)
            await Eventually.Holds(() => Clients.LogBytes(broker, partition) is > 4 * ValueBytes and < 5 * ValueBytes, $"only the four new ones on the disk of broker {broker}");
        Assert.Equal(Values("new", 4), await Clients.Values(partition));
    }

    [Fact]
    public async Task Compaction_leaves_the_latest_record_of_each_key_at_its_offset_on_every_replica()
    {
        var partition = new TopicPartition("compacted", 0);
        await Clients.Create("compacted", [[1, 2, 3]], ("segment.bytes", SegmentOfOneRecord), ("cleanup.policy", "compact"), ("min.cleanable.dirty.ratio", "0.01"));
        for (var i = 0; i < 12; i++) await Clients.Send(partition, $"k{i % 3}", Value("v", i));
        await Clients.Send(partition, "k0", null);
        for (var i = 13; i < 15; i++) await Clients.Send(partition, "last", Value("v", i)); // the newest segment is not compacted
        List<(long, string?, string?)> left = [(10, "k1", Value("v", 10)), (11, "k2", Value("v", 11)), (12, "k0", null), (13, "last", Value("v", 13)), (14, "last", Value("v", 14))];
        await Eventually.Holds(async () => (await Clients.Read(partition)).SequenceEqual(left), "what is superseded is gone, and the tombstone is there");
        foreach (var broker in Clients.Cluster.BrokerIds)
            await Eventually.Holds(() => Clients.LogBytes(broker, partition) is > 4 * ValueBytes and < 6 * ValueBytes, $"so it is on the disk of broker {broker}");
        Assert.Equal(0, await Clients.BeginningOf(partition));
    }

    [Fact]
    public async Task Records_are_deleted_at_the_leader_of_each_partition_and_refusals_come_with_their_reason()
    {
        await Clients.Create("deleted", [[1, 2], [2, 3], [3, 1]]);
        var partitions = Enumerable.Range(0, 3).Select(p => new TopicPartition("deleted", p)).ToArray();
        foreach (var partition in partitions) await Clients.Send(partition, Values("v", 6));
        var deleted = await Clients.Admin.DeleteRecordsAsync(new Dictionary<TopicPartition, long> { [partitions[0]] = 4, [partitions[1]] = -1, [partitions[2]] = 7 });
        Assert.Equal((4, null), (deleted[partitions[0]].LowWatermark, deleted[partitions[0]].Failure));
        Assert.Equal((6, null), (deleted[partitions[1]].LowWatermark, deleted[partitions[1]].Failure));
        Assert.Equal((-1, ErrorCode.OffsetOutOfRange, false), (deleted[partitions[2]].LowWatermark, deleted[partitions[2]].Failure!.Code, deleted[partitions[2]].Failure!.IsUnknownOutcome));
        Assert.Equal(Values("v", 6).Skip(4), await Clients.Values(partitions[0]));
        Assert.Empty(await Clients.Values(partitions[1]));
        Assert.Equal(6, await Clients.BeginningOf(partitions[1]));
        Assert.Equal(Values("v", 6), await Clients.Values(partitions[2]));
    }

    private static IEnumerable<string> Values(string prefix, int count) => Enumerable.Range(0, count).Select(i => Value(prefix, i));

    private static string Value(string prefix, int number) => $"{prefix}{number} ".PadRight(ValueBytes, '.');
}
