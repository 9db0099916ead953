using Reference.Broker;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Server;

/// <summary>Fetches say in which registration of their broker they were sent (KIP-903).</summary>
public class BrokerEpochTests
{
    private static readonly TopicPartition s_orders = new("orders", 0);

    [Fact]
    public void A_fetch_of_a_brokers_earlier_run_is_refused_and_does_not_count()
    {
        var kafka = new SimKafka(3, configure: static c => c with { DefaultReplicationFactor = 3, MinInsyncReplicas = 2 });
        kafka.AwaitRunning();
        kafka.Await(() => kafka.Servers.TrueForAll(static s => s!.Metadata.Brokers.Count == 3));
        var leader = kafka.Run(client => client.LeaderOf(1, "orders"));
        var follower = (leader % 3) + 1;
        kafka.Await(() => IsrSize(kafka, leader) == 3);
        var before = EpochOf(kafka, follower);
        kafka.Run(async client => { Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, "a")).ErrorCode); });
        Assert.Equal(before, Known(kafka, leader, follower).BrokerEpoch);

        kafka.Machines[follower - 1].Crash();
        kafka.Servers[follower - 1] = null;
        kafka.Machines[follower - 1].Restart();
        kafka.Await(() => kafka.Servers[follower - 1] is not null && EpochOf(kafka, follower) > before);
        kafka.Await(() => IsrSize(kafka, leader) == 3 && Known(kafka, leader, follower) is { BrokerEpoch: var epoch, LogEndOffset: 1 } && epoch == EpochOf(kafka, follower));
        kafka.Run(async client =>
        {
            Assert.Equal(ErrorCode.StaleBrokerEpoch, (await Fetch(client, leader, follower, offset: 0, before)).ErrorCode);
            Assert.Equal(1, Known(kafka, leader, follower).LogEndOffset);
            Assert.Equal(ErrorCode.None, (await Fetch(client, leader, follower, offset: 1, EpochOf(kafka, follower))).ErrorCode);
            Assert.Equal(ErrorCode.None, (await Fetch(client, leader, follower, offset: 1, -1)).ErrorCode); // it does not say, as Kafka 2.5's do not
        });
    }

    private static int IsrSize(SimKafka kafka, int leader) => kafka.Servers[leader - 1]!.Partitions[s_orders].Isr?.Committed.Count ?? 0;

    private static long EpochOf(SimKafka kafka, int broker) => kafka.Servers[broker - 1]?.Controller?.BrokerEpoch ?? -1;

    private static global::Reference.Broker.Replication.RemoteReplica Known(SimKafka kafka, int leader, int follower) =>
        kafka.Servers[leader - 1]!.Partitions[s_orders].Leadership!.Follower(follower)!;

    private static LoopTask<FetchResponse> Fetch(RawClient client, int leader, int follower, long offset, long epoch) => client.Call<FetchRequest, FetchResponse>(
        leader,
        new FetchRequest
        {
            ReplicaId = follower,
            ReplicaState = new FetchRequest.FollowerState { ReplicaId = follower, ReplicaEpoch = epoch },
            Topics = [new() { Topic = "orders", Partitions = [new() { Partition = 0, FetchOffset = offset, LogStartOffset = 0, PartitionMaxBytes = 1 << 20 }] }],
        },
        12);
}
