using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reference.Broker;
using Reference.Broker.Configuration;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Server;

/// <summary>Options of a topic that stand in the store wrongly do not change what is kept of its records.</summary>
public class TopicOptionsTests
{
    private static readonly TopicPartition s_orders = new("orders", 0);
    private readonly SimKafka _kafka = new(1);

    [Fact]
    public void An_unknown_option_leaves_the_others_in_force_while_the_broker_runs_and_when_it_starts()
    {
        Create();
        Set(("cleanup.policy", "compact"), ("retention.ms", "-1"), ("min.insync.replicas", "2"), ("compression.type", "lz4"));
        _kafka.Await(() => Config.MinInsyncReplicas == 2);
        Assert.Equal((true, -1L), (Config.Log.IsCompacted, Config.Log.RetentionMillis));
        Restart();
        Assert.Equal((true, -1L, 2), (Config.Log.IsCompacted, Config.Log.RetentionMillis, Config.MinInsyncReplicas));
    }

    [Fact]
    public void An_illegal_value_leaves_the_last_good_options_in_force_and_a_start_with_it_deletes_nothing_and_refuses_what_it_cannot_promise()
    {
        Create();
        Set(("retention.ms", "100000"), ("segment.bytes", "5000"));
        _kafka.Await(() => Config.Log.SegmentBytes == 5000);
        Set(("retention.ms", "1"), ("segment.bytes", "6000"), ("min.insync.replicas", "two"));
        _kafka.World.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal((5000, 100_000L, 1), (Config.Log.SegmentBytes, Config.Log.RetentionMillis, Config.MinInsyncReplicas));
        Restart();
        Assert.Equal((6000, -1L), (Config.Log.SegmentBytes, Config.Log.RetentionMillis));
        Assert.Equal((ErrorCode.NotEnoughReplicas, ErrorCode.None), (Produce(-1), Produce(1)));
        Set(("retention.ms", "1"), ("min.insync.replicas", "1"));
        _kafka.Await(() => Config.Log.RetentionMillis == 1);
        Assert.Equal(ErrorCode.None, Produce(-1));
    }

    [Fact]
    public void Options_that_are_no_JSON_change_nothing_while_the_broker_runs_and_delete_nothing_after_a_start()
    {
        Create();
        Set(("retention.ms", "100000"));
        _kafka.Await(() => Config.Log.RetentionMillis == 100_000);
        Store(async znodes =>
        {
            var result = await znodes.Session.Write(
            [
                CoordinationOp.SetData(KafkaPaths.TopicConfig("orders"), Encoding.UTF8.GetBytes("{retention.ms=1}")),
                CoordinationOp.Create(KafkaPaths.ConfigChangePrefix, ConfigChangeZnode.Encode("topics/orders"), CreateMode.PersistentSequential),
            ]);
            result.ThrowUnlessOk("Spoiling the options");
        });
        _kafka.World.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal((100_000L, 1), (Config.Log.RetentionMillis, Config.MinInsyncReplicas));
        Restart();
        Assert.Equal((-1L, -1L), (Config.Log.RetentionMillis, Config.Log.RetentionBytes));
        Assert.Equal(ErrorCode.NotEnoughReplicas, Produce(-1));
    }

    [Theory]
    [InlineData("compression.type", "lz4")]
    [InlineData("min.insync.replicas", "two")]
    [InlineData("min.insync.replica", "2")]
    public void A_topic_with_such_options_cannot_be_created(string name, string value)
    {
        _kafka.AwaitRunning();
        Assert.Equal(ErrorCode.InvalidConfig, CreateWith((name, value)));
    }

    [Fact]
    public void Old_fetchers_are_refused_where_records_are_not_to_be_converted_for_them()
    {
        Create();
        Assert.Equal(ErrorCode.None, Produce(1));
        Assert.Equal(ErrorCode.None, FetchV3());
        Set(("message.downconversion.enable", "false"));
        _kafka.Await(() => !Config.DownConversion);
        Assert.Equal(ErrorCode.UnsupportedVersion, FetchV3());
        Assert.Equal(ErrorCode.None, _kafka.Run(async client => (await client.Fetch(1, "orders", 0)).ErrorCode));
    }

    private TopicConfig Config => _kafka.Servers[0]!.Partitions[s_orders].Config;

    private void Create()
    {
        _kafka.AwaitRunning();
        Assert.Equal(ErrorCode.None, CreateWith());
        _kafka.Run(async client => await client.LeaderOf(1, "orders"));
    }

    private ErrorCode CreateWith(params (string Name, string Value)[] options) => _kafka.Run(async client =>
    {
        var topic = new CreateTopicsRequest.CreatableTopic { Name = "orders", NumPartitions = 1, ReplicationFactor = 1 };
        foreach (var (name, value) in options) topic.Configs.Add(new CreateTopicsRequest.CreatableTopicConfig { Name = name, Value = value });
        while ((await client.Metadata(1, "none")).ControllerId < 0) await client.Node.Clock.Delay(TimeSpan.FromMilliseconds(50));
        var answer = await client.Call<CreateTopicsRequest, CreateTopicsResponse>(1, new CreateTopicsRequest { TimeoutMs = 10_000, Topics = [topic] }, 5);
        return answer.Topics.Single().ErrorCode;
    });

    private void Set(params (string Name, string Value)[] options)
    {
        var config = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in options) config.Add(name, value);
        Store(znodes => znodes.SetTopicConfig("orders", config));
    }

    private void Store(Func<KafkaZnodes, LoopTask> act) => _kafka.Run(async client =>
    {
        var session = new CoordinationSession(client.Node, new CoordinationClientOptions("store:2181"));
        await session.Start();
        await act(new KafkaZnodes(client.Node, session));
        await session.Close();
    });

    private void Restart()
    {
        _kafka.Machines[0].Crash();
        _kafka.Servers[0] = null;
        _kafka.Machines[0].Restart();
        _kafka.Await(() => _kafka.Servers[0] is { } server && server.Partitions.TryGetValue(s_orders, out var replica) && replica.IsLeader);
    }

    private ErrorCode Produce(short acks) => _kafka.Run(async client => (await client.Produce(1, "orders", acks, "a")).ErrorCode);

    private ErrorCode FetchV3() => _kafka.Run(async client =>
    {
        var request = new FetchRequest
        {
            MaxWaitMs = 100,
            MinBytes = 1,
            MaxBytes = 1 << 20,
            Topics = [new() { Topic = "orders", Partitions = [new() { Partition = 0, FetchOffset = 0, PartitionMaxBytes = 1 << 20 }] }],
        };
        return (await client.Call<FetchRequest, FetchResponse>(1, request, 3)).Responses[0].Partitions[0].ErrorCode;
    });
}
