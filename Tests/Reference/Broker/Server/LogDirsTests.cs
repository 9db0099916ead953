using System.Linq;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Engine.Disk;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Server;

/// <summary>DescribeLogDirs: what stands where, over the wire.</summary>
public class LogDirsTests
{
    private readonly SimKafka _kafka = new(brokers: 1, configure: static c => c with { LogDirs = ["one", "two"], NumPartitions = 3 });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void All_directories_are_described_with_the_logs_in_them(short version)
    {
        CreateTopic();
        _kafka.Run(async client =>
        {
            Assert.Equal(ErrorCode.None, (await client.Produce(1, "orders", -1, "some value")).ErrorCode);
            var all = await Describe(client, version, null);
            Assert.Equal(["one", "two"], all.Results.Select(r => r.LogDir));
            Assert.Equal([0, 1, 2], all.Results.SelectMany(r => Assert.Single(r.Topics).Partitions).Select(p => p.PartitionIndex).Order());
            var filled = all.Results.SelectMany(r => r.Topics[0].Partitions).Single(p => p.PartitionIndex == 0);
            Assert.Equal((RawClient.Batch("some value").Length, 0L, false), ((int)filled.PartitionSize, filled.OffsetLag, filled.IsFutureKey));

            var one = await Describe(client, version, "orders", 0, 7);
            Assert.Equal([0], one.Results.SelectMany(r => r.Topics).SelectMany(t => t.Partitions).Select(p => p.PartitionIndex));
            Assert.All((await Describe(client, version, "nothing", 0)).Results, r => Assert.Empty(r.Topics));
        });
    }

    [Fact]
    public void One_that_has_failed_says_so()
    {
        CreateTopic();
        _kafka.Run(async client =>
        {
            var home = _kafka.Servers[0]!.Log(new global::Reference.Broker.TopicPartition("orders", 0))!.Directory;
            _kafka.Machines[0].Disk.Afflict(new DiskTrouble(DiskTroubleKind.WriteError, 1, home.Path, 1));
            Assert.Equal(ErrorCode.KafkaStorageError, (await client.Produce(1, "orders", -1, "lost")).ErrorCode);
            var described = await Describe(client, 1, null);
            var failed = described.Results.Single(r => r.LogDir == home.Path);
            Assert.Equal((ErrorCode.KafkaStorageError, 0), (failed.ErrorCode, failed.Topics.Count));
            Assert.Equal(ErrorCode.None, described.Results.Single(r => r != failed).ErrorCode);
        });
    }

    private void CreateTopic()
    {
        _kafka.AwaitRunning();
        _kafka.Run(client => client.LeaderOf(1, "orders").AsVoid());
        _kafka.Await(() => _kafka.Servers[0]!.Partitions.Count == 3);
    }

    private static LoopTask<DescribeLogDirsResponse> Describe(RawClient client, short version, string? topic, params int[] partitions) =>
        client.Call<DescribeLogDirsRequest, DescribeLogDirsResponse>(
            1,
            new DescribeLogDirsRequest { Topics = topic is null ? null : [new() { Topic = topic, PartitionIndex = [.. partitions] }] },
            version);
}
