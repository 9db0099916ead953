using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Storage;
using Reference.Broker.Storage.Cleaning;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Records;
using Simulator.Platform;
using Tests.Reference.Broker.Storage.Cleaning;
using Xunit;

namespace Tests.Reference.Broker.Server;

/// <summary>A compacted topic on a cluster: replicas compact each for itself, and one that begins anew copies what is left.</summary>
public class CompactionTests
{
    private readonly SimKafka _kafka = new(brokers: 3, configure: static c => c with
    {
        DefaultReplicationFactor = 3,
        Log = c.Log with { CleanupPolicy = CleanupPolicies.Compact, SegmentBytes = 800, MinCleanableDirtyRatio = 0.1, DeleteRetentionMillis = 1000 },
        LogCleaner = new LogCleanerOptions { Backoff = TimeSpan.FromSeconds(1) },
    });

    [Fact]
    public void A_follower_with_an_empty_disk_copies_a_compacted_log()
    {
        _kafka.AwaitRunning();
        var leader = _kafka.Run(async client =>
        {
            var found = await client.LeaderOf(1, "orders");
            for (var i = 0; i < 60; i++) Assert.Equal(ErrorCode.None, (await Produce(client, found, $"k{i % 4}={i}", i % 9 == 0 ? "gone" : $"once{i}=1")).ErrorCode);
            return found;
        });
        _kafka.Await(() => _kafka.Servers.All(s => s!.Log(Orders)!.CleanedUpTo > 60));
        var follower = leader % 3;
        _kafka.Machines[follower].Crash();
        _kafka.Machines[follower].Disk.Wipe();
        _kafka.Machines[follower].Restart();
        _kafka.Await(() => _kafka.Servers[follower]?.Log(Orders) is { } log && log.LogEndOffset == _kafka.Servers[leader - 1]!.Log(Orders)!.LogEndOffset);
        var logs = _kafka.Servers.Select(s => s!.Log(Orders)!).ToList();
        var latest = new List<SortedDictionary<string, string>>();
        for (var i = 0; i < 3; i++)
        {
            var log = logs[i];
            _kafka.Machines[i].Invoke(() => _kafka.Machines[i].Process!.Loop.Spawn(Read(log)));
            _kafka.Await(() => latest.Count == i + 1);
        }

        Assert.Equal("59", latest[0]["k3"]);
        Assert.All(latest, l => Assert.Equal(latest[leader - 1], l));

        async LoopTask Read(PartitionLog log) => latest.Add(CompactedBox.Latest(await CompactedBox.Dump(log)));
    }

    [Fact]
    public void A_record_without_a_key_is_refused_by_code()
    {
        _kafka.AwaitRunning();
        _kafka.Run(async client => Assert.Equal(ErrorCode.InvalidRecord, (await client.Produce(await client.LeaderOf(1, "orders"), "orders", -1, "x")).ErrorCode));
    }

    private static TopicPartition Orders => new("orders", 0);

    private static async LoopTask<ProduceResponse.PartitionProduceResponse> Produce(RawClient client, int broker, params string[] records)
    {
        var batch = CompactedBox.Fill(new RecordBatchBuilder(), records);
        var request = new ProduceRequest { Acks = -1, TimeoutMs = 10_000, TopicData = [new() { Name = "orders", PartitionData = [new() { Index = 0, Records = batch }] }] };
        return (await client.Call<ProduceRequest, ProduceResponse>(broker, request, 8)).Responses[0].PartitionResponses[0];
    }
}
