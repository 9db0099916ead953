using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Text;
using Reference.Broker.Configuration;
using Reference.Broker.Lifecycle;
using Reference.Broker.Replication;
using Reference.Broker.Server;
using Reference.Broker.Storage;
using Reference.Coordination;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Records;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Broker.Server;

/// <summary>A coordination server, brokers and one client machine in a simulated world.</summary>
internal sealed class SimKafka
{
    public const int Port = 9092;
    private readonly SimMachine _client;

    public SimKafka(int brokers, ulong seed = 1, Func<BrokerConfig, BrokerConfig>? configure = null)
    {
        World = new SimWorld(seed);
        Store = World.AddMachine("store");
        Store.Start(async node =>
        {
            await new CoordinationServer(node, new CoordinationServerOptions(new Endpoint("store", 2181), "data") { Tick = TimeSpan.FromMilliseconds(500) }).Start();
            await new LoopPromise<Nothing>().Task;
        });
        for (var id = 1; id <= brokers; id++) AddBroker(id, configure ?? (static c => c));
        _client = World.AddMachine("client");
    }

    public SimWorld World { get; }

    public SimMachine Store { get; }

    /// <summary>The machines of brokers 1, 2, …</summary>
    public List<SimMachine> Machines { get; } = [];

    /// <summary>The present server of each broker.</summary>
    public List<BrokerServer?> Servers { get; } = [];

    public static string HostOf(int broker) => $"broker-{broker}";

    public void Await(Func<bool> condition, double seconds = 60)
    {
        var held = World.RunUntil(condition, TimeSpan.FromSeconds(seconds));
        if (World.Failure is { } failure) ExceptionDispatchInfo.Throw(failure.Exception ?? new InvalidOperationException(failure.Message));
        Assert.True(held, $"It did not come to hold within {seconds} s.");
    }

    public void AwaitRunning() => Await(() => Servers.TrueForAll(static s => s is { State: BrokerState.RunningAsBroker }));

    /// <summary>Runs a client's program to its end.</summary>
    public void Run(Func<RawClient, LoopTask> program, double seconds = 120)
    {
        Await(() => !_client.IsUp); // the program before has just ended
        var ended = false;
        _client.Start(async node =>
        {
            await program(new RawClient(node));
            ended = true;
        });
        Await(() => ended, seconds);
    }

    /// <summary>Runs a client's program and gives its result.</summary>
    public T Run<T>(Func<RawClient, LoopTask<T>> program, double seconds = 120)
    {
        T result = default!;
        Run(async client => { result = await program(client); }, seconds);
        return result;
    }

    private void AddBroker(int id, Func<BrokerConfig, BrokerConfig> configure)
    {
        var machine = World.AddMachine(HostOf(id));
        var config = configure(new BrokerConfig
        {
            BrokerId = id,
            LogDir = "logs",
            Listener = new Endpoint(HostOf(id), Port),
            ZookeeperConnect = "store:2181",
            ZookeeperSessionTimeoutMs = 3000,
            ZookeeperConnectionTimeoutMs = 18_000,
            ReplicaLagTimeMaxMs = 3000,
            ReplicaFetchBackoffMs = 200,
            ControllerSocketTimeoutMs = 3000,
            ReplicaSocketTimeoutMs = 3000,
            ControlledShutdownRetryBackoffMs = 500,
            Log = LogConfig.Default with { FlushMessages = 1 },
        });
        Machines.Add(machine);
        Servers.Add(null);
        machine.Start(async node =>
        {
            var server = new BrokerServer(node, config);
            Servers[id - 1] = server;
            await server.Start();
            await server.Stopped;
        });
    }
}

/// <summary>Speaks Kafka's protocol by hand.</summary>
internal sealed class RawClient(Node node)
{
    private readonly Dictionary<int, PeerClient> _peers = [];

    public Node Node => node;

    public LoopTask<TResponse> Call<TRequest, TResponse>(int broker, TRequest request, short version)
        where TRequest : global::Reference.Wire.Schema.IRequest<TRequest, TResponse>
        where TResponse : global::Reference.Wire.Schema.IResponse<TResponse>
    {
        if (!_peers.TryGetValue(broker, out var peer))
        {
            peer = new PeerClient(node, () => new Endpoint(SimKafka.HostOf(broker), SimKafka.Port), "raw", TimeSpan.FromSeconds(30));
            _peers[broker] = peer;
        }

        return peer.Call<TRequest, TResponse>(request, version);
    }

    public LoopTask<MetadataResponse> Metadata(int broker, string topic, short version = 9) =>
        Call<MetadataRequest, MetadataResponse>(broker, new MetadataRequest { Topics = [new() { Name = topic }] }, version);

    /// <summary>Asks until the topic's first partition has a leader, and gives the leader.</summary>
    public async LoopTask<int> LeaderOf(int broker, string topic)
    {
        while (true)
        {
            var answer = await Metadata(broker, topic);
            var described = answer.Topics[0];
            if (described.ErrorCode == ErrorCode.None && described.Partitions.Count > 0 && described.Partitions[0].LeaderId > 0) return described.Partitions[0].LeaderId;
            await node.Clock.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    public async LoopTask<ProduceResponse.PartitionProduceResponse> Produce(int broker, string topic, short acks, params string[] values)
    {
        var request = new ProduceRequest { Acks = acks, TimeoutMs = 10_000, TopicData = [new() { Name = topic, PartitionData = [new() { Index = 0, Records = Batch(values) }] }] };
        var response = await Call<ProduceRequest, ProduceResponse>(broker, request, 8);
        return response.Responses[0].PartitionResponses[0];
    }

    public async LoopTask<FetchResponse.PartitionData> Fetch(int broker, string topic, long offset, int maxWaitMs = 500, int epoch = -1)
    {
        var request = new FetchRequest
        {
            MaxWaitMs = maxWaitMs,
            MinBytes = 1,
            Topics = [new() { Topic = topic, Partitions = [new() { Partition = 0, FetchOffset = offset, CurrentLeaderEpoch = epoch, PartitionMaxBytes = 1 << 20 }] }],
        };
        return (await Call<FetchRequest, FetchResponse>(broker, request, 11)).Responses[0].Partitions[0];
    }

    public static byte[] Batch(params string[] values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values) builder.Append(1_700_000_000_000, null, Encoding.UTF8.GetBytes(value));
        return builder.Build();
    }

    public static List<string> ValuesOf(ReadOnlyMemory<byte>? records)
    {
        var values = new List<string>();
        foreach (var batch in new RecordBatches(records!.Value.Span))
        {
            foreach (var record in batch.Records()) values.Add(Encoding.UTF8.GetString(record.Value));
        }

        return values;
    }
}
