using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Clients.Consuming;
using Reference.Hosting;
using Reference.Wire;
using Reference.Wire.Messages;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Hosting;

/// <summary>
/// What the simulator's tests ask of brokers, asked of the same brokers over real sockets, files and clocks: retention, compaction,
/// deletion of records, the closest replica, throttles, moves of replicas and leaders.
/// </summary>
public sealed partial class RealSocketTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private const int LargeValueBytes = 10_000;

    private ClusterClients Clients => shared.Clients;

    [Fact]
    public async Task A_consumer_is_sent_to_the_replica_in_its_rack_and_reads_there()
    {
        var partition = new TopicPartition("near", 0);
        await Clients.Create("near", [[1, 2, 3]]);
        await Clients.Send(partition, Values("v", 5));
        await Eventually.Holds(async () => await Fetch(1, SharedCluster.RackOf(2)) is { PreferredReadReplica: 2, Records.Length: 0 }, "the leader names broker 2 and gives nothing itself");
        Assert.True(await Fetch(1, SharedCluster.RackOf(1)) is { PreferredReadReplica: -1, Records.Length: > 5 * ValueBytes });
        Assert.True(await Fetch(1, "elsewhere") is { PreferredReadReplica: -1, Records.Length: > 5 * ValueBytes });
        await Eventually.Holds(async () => await Fetch(2, SharedCluster.RackOf(2)) is { ErrorCode: ErrorCode.None, HighWatermark: 5, Records.Length: > 5 * ValueBytes }, "broker 2 serves all");

        // Since the leader gives consumers of that rack nothing, what one reads comes from broker 2.
        await using var consumer = await KafkaConsumer.StartAsync(ConsumerOptions.Parse(
            [new("bootstrap.servers", Clients.Cluster.AddressOf(1)), new("client.rack", SharedCluster.RackOf(2)), new("auto.offset.reset", "earliest")]));
        await consumer.AssignAsync(partition);
        var read = 0;
        await Eventually.Holds(async () => (read += (await consumer.PollAsync(TimeSpan.FromSeconds(1))).Count) == 5, "five records are read in rack 2");
        Assert.Equal(2, (await Fetch(1, SharedCluster.RackOf(2))).PreferredReadReplica);
    }

    [Fact]
    public async Task A_throttled_replica_comes_no_faster_than_its_rate_while_others_come_at_once()
    {
        const int Records = 20;
        await Fill("throttled", Records, ("leader.replication.throttled.replicas", "*"));
        await Fill("free", Records);
        var (throttledOne, free) = (new TopicPartition("throttled", 0), new TopicPartition("free", 0));
        var watch = Stopwatch.StartNew();
        Assert.Empty(await Clients.Admin.AlterPartitionReassignmentsAsync([new NewReplicas(throttledOne, [1, 2]), new NewReplicas(free, [1, 2])]));
        await Eventually.Holds(async () => !(await Moves(free)).Any(), "the replica without a throttle is in sync");
        Assert.Single(await Moves(throttledOne));
        await Eventually.Holds(async () => !(await Moves(throttledOne)).Any(), "the throttled replica is in sync at last");

        // What comes before a first second has been measured may be a second's worth.
        var nominal = ((double)Records * LargeValueBytes / SharedCluster.ThrottledRate) - 1;
        Assert.True(watch.Elapsed.TotalSeconds > nominal * 0.8, $"after {watch.Elapsed.TotalSeconds:0.0} s instead of {nominal:0.0} s");
        Assert.Equal(Records, (await Clients.Values(throttledOne)).Count);
    }

    [Fact]
    public async Task A_move_under_way_is_listed_and_given_up_when_asked_for()
    {
        var partition = new TopicPartition("given-up", 0);
        await Fill("given-up", 100, ("leader.replication.throttled.replicas", "*")); // 20 s at the rate
        Assert.Empty(await Clients.Admin.AlterPartitionReassignmentsAsync([new NewReplicas(partition, [3])]));
        var move = Assert.Single(await Clients.Admin.ListPartitionReassignmentsAsync(), m => m.Partition == partition);
        Assert.Equal("1,3 +3 -1", $"{string.Join(',', move.Replicas.Order())} +{string.Join(',', move.Adding)} -{string.Join(',', move.Removing)}");
        await Eventually.Holds(() => Clients.HomeOf(3, partition) is not null, "broker 3 has begun to copy");

        Assert.Empty(await Clients.Admin.AlterPartitionReassignmentsAsync([new NewReplicas(partition, null)]));
        Assert.Empty(await Moves(partition));
        await Eventually.Holds(() => Clients.HomeOf(3, partition) is null, "broker 3 has deleted its piece");
        await Eventually.Holds(async () => (await Clients.Describe(partition))!.Replicas.SequenceEqual([1]), "all is as before");
        Assert.Equal(ErrorCode.NoReassignmentInProgress, (await Clients.Admin.AlterPartitionReassignmentsAsync([new NewReplicas(partition, null)]))[partition].Code);
        Assert.Equal(100, (await Clients.Values(partition)).Count);
    }

    [Fact]
    public async Task A_partition_moves_to_other_brokers_with_its_records_and_leaves_nothing_behind()
    {
        var partition = new TopicPartition("moved", 0);
        await Clients.Create("moved", [[1, 2]]);
        await Clients.Send(partition, Values("v", 20));
        Assert.Empty(await Clients.Admin.AlterPartitionReassignmentsAsync([new NewReplicas(partition, [3, 2])]));
        await Eventually.Holds(async () => !(await Moves(partition)).Any(), "the move has ended");
        await Eventually.Holds(async () => await Clients.Describe(partition) is { Leader: 3, InSync.Count: 2 } now && now.Replicas.SequenceEqual([3, 2]), "broker 3 leads");
        await Eventually.Holds(() => Clients.HomeOf(1, partition) is null, "broker 1 has deleted its copy");
        await Clients.Send(partition, ["after"]);
        Assert.Equal([.. Values("v", 20), "after"], await Clients.Values(partition));
        Assert.True(File.Exists(Path.Combine(Clients.HomeOf(3, partition)!, "00000000000000000000.log")));
    }

    [Fact]
    public async Task The_preferred_leader_is_elected_when_asked_for()
    {
        var partition = new TopicPartition("elected", 0);
        await Clients.Create("elected", [[1, 2, 3]]);
        await Clients.Send(partition, ["before"]);
        Assert.Empty(await Clients.Admin.AlterPartitionReassignmentsAsync([new NewReplicas(partition, [2, 1, 3])]));
        await Eventually.Holds(async () => (await Clients.Describe(partition))!.Replicas.SequenceEqual([2, 1, 3]), "broker 2 is preferred");
        Assert.Equal(1, (await Clients.Describe(partition))!.Leader);
        await Eventually.Holds(async () => (await Clients.Admin.ElectLeadersAsync(ElectionType.Preferred, [partition])).Count == 0, "the election has succeeded");
        await Eventually.Holds(async () => (await Clients.Describe(partition))!.Leader == 2, "broker 2 leads");
        Assert.Equal(ErrorCode.ElectionNotNeeded, (await Clients.Admin.ElectLeadersAsync(ElectionType.Preferred, [partition]))[partition].Code);
        Assert.Equal(ErrorCode.ElectionNotNeeded, (await Clients.Admin.ElectLeadersAsync(ElectionType.Unclean, [partition]))[partition].Code);
        await Clients.Send(partition, ["after"]);
        Assert.Equal(["before", "after"], await Clients.Values(partition));
    }

    private async Task<PartitionReassignment[]> Moves(TopicPartition partition) => [.. await Clients.Admin.ListPartitionReassignmentsAsync([partition])];

    /// <summary>A topic of large records with one replica, on broker 1.</summary>
    private async Task Fill(string topic, int records, params (string, string)[] options)
    {
        await Clients.Create(topic, [[1]], options);
        await Clients.Send(new TopicPartition(topic, 0), Enumerable.Repeat(new string('x', LargeValueBytes), records));
    }

    private async Task<FetchResponse.PartitionData> Fetch(int broker, string rack)
    {
        var request = new FetchRequest
        {
            MaxWaitMs = 50,
            MinBytes = 1,
            RackId = rack,
            Topics = [new() { Topic = "near", Partitions = [new() { FetchOffset = 0, PartitionMaxBytes = 1 << 20 }] }],
        };
        return (await RawRequests.Ask<FetchRequest, FetchResponse>(Clients.Cluster.AddressOf(broker), request, 11)).Responses[0].Partitions[0];
    }
}
