using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Configuration;
using Reference.Broker.Replication;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Server;

/// <summary>Replication throttles (KIP-73): who comes back does so slowly, and who is in sync is not held up.</summary>
public class ReplicationThrottleTests
{
    private const int Batches = 60;
    private const int BatchBytes = 10_000;
    private const int Rate = 40_000;
    private const double NominalSeconds = (double)Batches * BatchBytes / Rate;
    private const int TwoBatches = 2 * (BatchBytes + 200); // with their headers
    private const int OneBatchAndAPiece = 2 * BatchBytes;
    private static readonly TopicPartition s_orders = new("orders", 0);

    [Fact]
    public void Without_a_throttle_a_returned_follower_catches_up_at_once() => Assert.InRange(SecondsToCatchUp(static c => c, null), 0, 5);

    [Theory]
    [InlineData("leader.replication.throttled.replicas")]
    [InlineData("follower.replication.throttled.replicas")]
    public void A_throttled_follower_out_of_sync_gets_no_more_than_the_rate(string option)
    {
        var seconds = SecondsToCatchUp(Throttle(option), (option, "*"));
        Assert.InRange(seconds, NominalSeconds * 0.8, NominalSeconds * 1.3);
    }

    [Theory]
    [InlineData("leader", true)]
    [InlineData("leader", false)]
    [InlineData("follower", true)]
    [InlineData("follower", false)]
    public void A_rate_set_while_brokers_run_holds_at_once_and_after_a_start(string side, bool forAll)
    {
        var option = $"{side}.replication.throttled.replicas";
        var seconds = SecondsToCatchUp(static c => c, (option, "*"), rate: ($"{side}.replication.throttled.rate", $"{Rate}", forAll));
        Assert.InRange(seconds, NominalSeconds * 0.8, NominalSeconds * 1.3);
    }

    [Fact]
    public void Rates_set_while_brokers_run_come_before_those_of_their_files_until_they_are_taken_away_and_nonsense_changes_nothing()
    {
        var kafka = new SimKafka(1, configure: static c => c with { LeaderReplicationThrottledRate = 7 });
        kafka.AwaitRunning();
        ReplicationQuota LeaderQuota() => kafka.Servers[0]!.ReplicationQuotas!.Value.Leader;
        Assert.Equal(7, LeaderQuota().BytesPerSecond);
        SetRates(kafka, 1, ("leader.replication.throttled.rate", "100"));
        kafka.Await(() => LeaderQuota().BytesPerSecond == 100);
        SetRates(kafka, 1, ("leader.replication.throttled.rate", "fast"), ("follower.replication.throttled.rate", "50"), ("num.io.threads", "3"));
        kafka.Await(() => kafka.Servers[0]!.ReplicationQuotas!.Value.Follower.BytesPerSecond == 50);
        Assert.Equal(100, LeaderQuota().BytesPerSecond);
        SetRates(kafka, 1);
        kafka.Await(() => LeaderQuota().BytesPerSecond == 7);
        Assert.Equal(long.MaxValue, kafka.Servers[0]!.ReplicationQuotas!.Value.Follower.BytesPerSecond);
    }

    [Theory]
    [InlineData("leader.replication.throttled.replicas")]
    [InlineData("follower.replication.throttled.replicas")]
    public void The_bytes_on_the_wire_count_also_those_of_a_batch_that_the_limit_cuts_off(string option)
    {
        var seconds = SecondsToCatchUp(Throttle(option), (option, "*"), OneBatchAndAPiece); // of each fetch half is asked for again
        Assert.InRange(seconds, NominalSeconds * 1.6, NominalSeconds * 2.6);
    }

    [Fact]
    public void What_replicas_in_sync_were_sent_counts_too_so_that_others_wait_until_it_is_made_up_for()
    {
        const string Option = "leader.replication.throttled.replicas";
        var seconds = SecondsToCatchUp(Throttle(Option), (Option, "*"), pauseSeconds: 0);
        Assert.InRange(seconds, NominalSeconds + 4, (2 * NominalSeconds) + 4); // the burst is forgotten after 11 windows of a second
    }

    [Fact]
    public void Replicas_that_are_not_listed_are_not_throttled() =>
        Assert.InRange(SecondsToCatchUp(Throttle("leader.replication.throttled.replicas"), ("leader.replication.throttled.replicas", "5:1,5:2,5:3")), 0, 5);

    [Theory]
    [InlineData("leader.replication.throttled.replicas")]
    [InlineData("follower.replication.throttled.replicas")]
    public void Replicas_in_sync_are_not_held_up(string option)
    {
        var kafka = Cluster(Throttle(option), (option, "*"), out var leader);
        var elapsed = kafka.Run(async client =>
        {
            var started = client.Node.Clock.MonotonicMillis();
            for (var i = 0; i < Batches; i++) Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, new string('x', BatchBytes))).ErrorCode);
            return client.Node.Clock.MonotonicMillis() - started;
        });
        Assert.InRange(elapsed, 0, 5_000); // the rate would have taken 15 s
    }

    /// <summary>How long a follower needs that missed all batches and comes back a while after the others got them.</summary>
    private static double SecondsToCatchUp(
        Func<BrokerConfig, BrokerConfig> configure, (string Option, string Value)? throttled, int fetchBytes = TwoBatches, int pauseSeconds = 15, (string Name, string Value, bool ForAll)? rate = null)
    {
        var kafka = Cluster(c => configure(c) with { ReplicaFetchMaxBytes = fetchBytes, ReplicaFetchResponseMaxBytes = fetchBytes }, throttled, out var leader);
        if (rate is var (name, text, forAll))
        {
            foreach (var broker in forAll ? (int?[])[null] : [1, 2, 3]) SetRates(kafka, broker, (name, text));
        }

        var follower = kafka.Servers.Find(s => s!.BrokerId != leader && !s.IsController)!.BrokerId;
        kafka.Machines[follower - 1].Crash();
        kafka.Await(() => kafka.Servers[leader - 1]!.Partitions[s_orders].Isr!.Committed.Count == 2);
        kafka.Run(async client =>
        {
            for (var i = 0; i < Batches; i++) Assert.Equal(ErrorCode.None, (await client.Produce(leader, "orders", -1, new string('x', BatchBytes))).ErrorCode);
            await client.Node.Clock.Delay(TimeSpan.FromSeconds(pauseSeconds)); // the quota is unused again
        });
        kafka.Servers[follower - 1] = null;
        kafka.Machines[follower - 1].Restart();
        kafka.Await(() => kafka.Servers[follower - 1]?.Partitions.ContainsKey(s_orders) == true);
        var started = kafka.World.NowMicros;
        kafka.Await(() => kafka.Servers[leader - 1]!.Partitions[s_orders].Isr!.Committed.Count == 3, 120);
        return (kafka.World.NowMicros - started) / 1e6;
    }

    private static void SetRates(SimKafka kafka, int? broker, params (string Name, string Value)[] rates) => kafka.Run(async client =>
    {
        var session = new CoordinationSession(client.Node, new CoordinationClientOptions("store:2181"));
        await session.Start();
        var options = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in rates) options.Add(name, value);
        await new KafkaZnodes(client.Node, session).SetBrokerOptions(broker, options);
        await session.Close();
    });

    private static Func<BrokerConfig, BrokerConfig> Throttle(string option) => option.StartsWith("leader", StringComparison.Ordinal)
        ? static c => c with { LeaderReplicationThrottledRate = Rate }
        : static c => c with { FollowerReplicationThrottledRate = Rate };

    private static SimKafka Cluster(Func<BrokerConfig, BrokerConfig> configure, (string Option, string Value)? throttled, out int leader)
    {
        var kafka = new SimKafka(3, configure: c => configure(c with { ReplicaFetchWaitMaxMs = 100 }));
        kafka.AwaitRunning();
        kafka.Await(() => kafka.Servers.TrueForAll(static s => s!.Metadata.Brokers.Count == 3));
        leader = kafka.Run(async client =>
        {
            var topic = new CreateTopicsRequest.CreatableTopic { Name = "orders", NumPartitions = 1, ReplicationFactor = 3 };
            if (throttled is var (option, value)) topic.Configs.Add(new CreateTopicsRequest.CreatableTopicConfig { Name = option, Value = value });
            var controller = (await client.Metadata(1, "none")).ControllerId;
            var answer = await client.Call<CreateTopicsRequest, CreateTopicsResponse>(controller, new CreateTopicsRequest { TimeoutMs = 10_000, Topics = [topic] }, 5);
            Assert.Equal(ErrorCode.None, answer.Topics.Single().ErrorCode);
            return await client.LeaderOf(1, "orders");
        });
        var found = leader;
        kafka.Await(() => kafka.Servers[found - 1]!.Partitions[s_orders].Isr!.Committed.Count == 3);
        return kafka;
    }
}
