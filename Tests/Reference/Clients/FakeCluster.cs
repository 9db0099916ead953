using System;
using System.Collections.Generic;
using Reference.Clients;
using Reference.Rpc;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Records;
using Reference.Wire.Schema;
using Simulator.Engine;
using Simulator.Platform;

namespace Tests.Reference.Clients;

/// <summary>What the fake leader does with the next produce request.</summary>
internal enum ProduceScript
{
    /// <summary>Appends and answers.</summary>
    Append,

    /// <summary>Appends and drops the connection instead of answering.</summary>
    AppendThenReset,

    /// <summary>Drops the connection without appending.</summary>
    Reset,

    /// <summary>Never answers.</summary>
    Silence,

    /// <summary>Answers NOT_LEADER_OR_FOLLOWER, and broker 2 leads from now on.</summary>
    NotLeader,

    /// <summary>Answers NOT_LEADER_OR_FOLLOWER: another leads. So does a broker that does not lead, whatever the script.</summary>
    LedByAnother,

    /// <summary>Answers NOT_ENOUGH_REPLICAS.</summary>
    NotEnoughReplicas,

    /// <summary>Answers MESSAGE_TOO_LARGE.</summary>
    MessageTooLarge,
}

/// <summary>Brokers 1 and 2 on machines of the simulator with one shared log per partition of topic "t", acting by a script.</summary>
internal sealed class FakeCluster
{
    public const string Topic = "t";
    public const int Port = 9092;

    private readonly int _partitions;

    public FakeCluster(int partitions = 1)
    {
        _partitions = partitions;
        for (var i = 0; i < partitions; i++) Logs.Add([]);
    }

    public int Leader { get; set; } = 1;

    public int LeaderEpoch { get; set; }

    /// <summary>False for brokers that have just started and were told nothing yet.</summary>
    public bool KnowsTopic { get; set; } = true;

    /// <summary>What happens to the next produce requests; then Append.</summary>
    public Queue<ProduceScript> Script { get; } = new();

    /// <summary>All batches by partition, in log order.</summary>
    public List<List<byte[]>> Logs { get; } = [];

    /// <summary>How long a fetch waits before it reads the log.</summary>
    public TimeSpan FetchDelay { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The answer to OffsetForLeaderEpoch.</summary>
    public (int Epoch, long End) EpochEnd { get; set; } = (-1, -1);

    public int ProduceRequests { get; private set; }

    public List<long> FetchedOffsets { get; } = [];

    /// <summary>Whether the first request to delete records finds that its broker no longer leads: broker 2 does then.</summary>
    public bool StepsDownAtDeletion { get; set; }

    /// <summary>The requests to delete records: who was asked, and of how many partitions.</summary>
    public List<(int Broker, int Partitions)> Deletions { get; } = [];

    public ClientOptions Client => new() { BootstrapServers = [new Endpoint("broker-1", Port)] };

    /// <summary>Runs a test's program on a client machine against the brokers, and demands that it ends.</summary>
    public void Run(Func<Node, LoopTask> test, ulong seed = 1)
    {
        var world = new SimWorld(seed);
        for (var id = 1; id <= 2; id++)
        {
            var broker = id;
            world.AddMachine($"broker-{id}").Start(async node =>
            {
                await new RpcServer(node, new RpcServerOptions(new Endpoint(node.Name, Port)), c => new Handler(this, node, broker, c)).Start();
                await new LoopPromise<Nothing>().Task;
            });
        }

        var client = world.AddMachine("client");
        var ended = false;
        Exception? failure = null;
        client.Exited = (_, error) => (ended, failure) = (true, error);
        client.Start(test);
        world.RunUntil(() => ended, TimeSpan.FromMinutes(10));
        if (failure is not null) throw new Xunit.Sdk.XunitException($"The test's program failed: {failure}");
        Xunit.Assert.Null(world.Failure);
        Xunit.Assert.True(ended, "the test's program did not end within ten simulated minutes");
    }

    /// <summary>Puts records into a log directly.</summary>
    public void Seed(int partition, int epoch, params string[] values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values) builder.Append(1_000, null, System.Text.Encoding.UTF8.GetBytes(value));
        Append(partition, builder.Build(), epoch);
    }

    /// <summary>The values of a partition in log order.</summary>
    public List<string> Values(int partition)
    {
        var values = new List<string>();
        foreach (var bytes in Logs[partition])
        {
            foreach (var record in new RecordBatch(bytes).Records()) values.Add(System.Text.Encoding.UTF8.GetString(record.Value));
        }

        return values;
    }

    private long EndOffset(int partition) => Logs[partition].Count == 0 ? 0 : new RecordBatch(Logs[partition][^1]).NextOffset;

    private long Append(int partition, byte[] batch, int epoch)
    {
        var offset = EndOffset(partition);
        RecordBatchPatch.SetBaseOffset(batch, offset);
        RecordBatchPatch.SetPartitionLeaderEpoch(batch, epoch);
        Logs[partition].Add(batch);
        return offset;
    }

    private ApiVersionsResponse Versions()
    {
        var response = new ApiVersionsResponse();
        foreach (var api in SupportedApis.All)
            response.ApiKeys.Add(new ApiVersionsResponse.ApiVersion { ApiKey = api.Key, MinVersion = api.Versions.Min, MaxVersion = api.Versions.Max });
        return response;
    }

    private MetadataResponse Describe(MetadataRequest request)
    {
        var response = new MetadataResponse { ClusterId = "fake", ControllerId = 1 };
        for (var id = 1; id <= 2; id++) response.Brokers.Add(new MetadataResponse.MetadataResponseBroker { NodeId = id, Host = $"broker-{id}", Port = Port });
        foreach (var asked in request.Topics ?? [])
        {
            var topic = new MetadataResponse.MetadataResponseTopic { Name = asked.Name, ErrorCode = asked.Name == Topic && KnowsTopic ? ErrorCode.None : ErrorCode.UnknownTopicOrPartition };
            for (var i = 0; asked.Name == Topic && KnowsTopic && i < _partitions; i++)
                topic.Partitions.Add(new MetadataResponse.MetadataResponsePartition { PartitionIndex = i, LeaderId = Leader, LeaderEpoch = LeaderEpoch, ReplicaNodes = [1, 2], IsrNodes = [1, 2] });
            response.Topics.Add(topic);
        }

        return response;
    }

    private ProduceResponse? Produce(ProduceRequest request, ProduceScript script)
    {
        ProduceRequests++;
        if (script == ProduceScript.NotLeader) (Leader, LeaderEpoch) = (2, LeaderEpoch + 1);
        var response = new ProduceResponse { Responses = [new ProduceResponse.TopicProduceResponse { Name = Topic }] };
        foreach (var partition in request.TopicData[0].PartitionData)
        {
            var answer = new ProduceResponse.PartitionProduceResponse { Index = partition.Index, BaseOffset = -1, ErrorCode = ErrorOf(script) };
            if (script is ProduceScript.Append or ProduceScript.AppendThenReset) answer.BaseOffset = Append(partition.Index, partition.Records!.Value.ToArray(), LeaderEpoch);
            response.Responses[0].PartitionResponses.Add(answer);
        }

        return request.Acks == 0 || script is ProduceScript.AppendThenReset or ProduceScript.Reset or ProduceScript.Silence ? null : response;
    }

    private static ErrorCode ErrorOf(ProduceScript script) => script switch
    {
        ProduceScript.NotLeader or ProduceScript.LedByAnother => ErrorCode.NotLeaderOrFollower,
        ProduceScript.NotEnoughReplicas => ErrorCode.NotEnoughReplicas,
        ProduceScript.MessageTooLarge => ErrorCode.MessageTooLarge,
        _ => ErrorCode.None,
    };

    private FetchResponse Fetch(FetchRequest request)
    {
        var response = new FetchResponse { Responses = [new FetchResponse.FetchableTopicResponse { Topic = Topic }] };
        foreach (var asked in request.Topics[0].Partitions)
        {
            FetchedOffsets.Add(asked.FetchOffset);
            var end = EndOffset(asked.Partition);
            var answer = new FetchResponse.PartitionData { PartitionIndex = asked.Partition, HighWatermark = end };
            if (asked.FetchOffset > end) answer.ErrorCode = ErrorCode.OffsetOutOfRange;
            else if (asked.CurrentLeaderEpoch != LeaderEpoch) answer.ErrorCode = ErrorCode.FencedLeaderEpoch;
            else answer.Records = ReadFrom(asked.Partition, asked.FetchOffset);
            response.Responses[0].Partitions.Add(answer);
        }

        return response;
    }

    private ReadOnlyMemory<byte> ReadFrom(int partition, long offset)
    {
        var bytes = new List<byte>();
        foreach (var batch in Logs[partition])
        {
            if (new RecordBatch(batch).NextOffset > offset) bytes.AddRange(batch);
        }

        return bytes.ToArray();
    }

    private ListOffsetsResponse List(ListOffsetsRequest request)
    {
        var asked = request.Topics[0].Partitions[0];
        return new ListOffsetsResponse
        {
            Topics =
            [
                new ListOffsetsResponse.ListOffsetsTopicResponse
                {
                    Name = Topic,
                    Partitions = [new ListOffsetsResponse.ListOffsetsPartitionResponse { PartitionIndex = asked.PartitionIndex, Offset = asked.Timestamp == -2 ? 0 : EndOffset(asked.PartitionIndex), LeaderEpoch = LeaderEpoch }],
                },
            ],
        };
    }

    private DeleteRecordsResponse Delete(DeleteRecordsRequest request, int broker)
    {
        Deletions.Add((broker, request.Topics[0].Partitions.Count));
        if (StepsDownAtDeletion) (Leader, LeaderEpoch, StepsDownAtDeletion) = (2, LeaderEpoch + 1, false);
        var response = new DeleteRecordsResponse { Topics = [new DeleteRecordsResponse.DeleteRecordsTopicResult { Name = Topic }] };
        foreach (var asked in request.Topics[0].Partitions)
        {
            var offset = asked.Offset == -1 ? EndOffset(asked.PartitionIndex) : asked.Offset;
            var code = broker != Leader ? ErrorCode.NotLeaderOrFollower : offset > EndOffset(asked.PartitionIndex) ? ErrorCode.OffsetOutOfRange : ErrorCode.None;
            response.Topics[0].Partitions.Add(new DeleteRecordsResponse.DeleteRecordsPartitionResult { PartitionIndex = asked.PartitionIndex, ErrorCode = code, LowWatermark = code == ErrorCode.None ? offset : -1 });
        }

        return response;
    }

    private OffsetForLeaderEpochResponse Epochs() => new()
    {
        Topics =
        [
            new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult
            {
                Topic = Topic,
                Partitions = [new OffsetForLeaderEpochResponse.EpochEndOffset { LeaderEpoch = EpochEnd.Epoch, EndOffset = EpochEnd.End }],
            },
        ],
    };

    /// <summary>Reads requests one by one and answers in their order, as a broker does.</summary>
    private sealed class Handler(FakeCluster cluster, Node node, int broker, FrameConnection connection) : IConnectionHandler
    {
        public async LoopTask Run()
        {
            while (await connection.ReadOwned() is { } frame)
            {
                if (!await Answer(frame)) return;
            }
        }

        public void Stop()
        {
        }

        public void Closed()
        {
        }

        private async LoopTask<bool> Answer(byte[] frame)
        {
            var header = HeaderOf(frame, out var body);
            var fetching = header.ApiKey == ApiKey.Fetch;
            if (fetching) await node.Clock.Delay(cluster.FetchDelay);
            var script = header.ApiKey == ApiKey.Produce ? NextScript() : ProduceScript.Append;
            var response = Respond(header, frame.AsMemory(body), script);
            if (response is not null) connection.Write(OutgoingFrame.Ready(Frames.EncodeResponse(response, header.ApiVersion, header.CorrelationId)));
            else if (script == ProduceScript.Append) return true; // acks=0 and no error: there is nothing to say
            else if (script != ProduceScript.Silence) connection.Reset();
            else await new LoopPromise<Nothing>().Task;
            return response is not null;
        }

        private ProduceScript NextScript() =>
            broker != cluster.Leader ? ProduceScript.LedByAnother : cluster.Script.TryDequeue(out var next) ? next : ProduceScript.Append;

        private static RequestHeader HeaderOf(byte[] frame, out int body)
        {
            var reader = new WireReader(frame);
            var header = RequestHeader.Read(ref reader);
            body = reader.Position;
            return header;
        }

        private IApiMessage? Respond(RequestHeader header, ReadOnlyMemory<byte> body, ProduceScript script) => header.ApiKey switch
        {
            ApiKey.ApiVersions => cluster.Versions(),
            ApiKey.Metadata => cluster.Describe(Read<MetadataRequest>(header, body)),
            ApiKey.Produce => cluster.Produce(Read<ProduceRequest>(header, body), script),
            ApiKey.Fetch => cluster.Fetch(Read<FetchRequest>(header, body)),
            ApiKey.ListOffsets => cluster.List(Read<ListOffsetsRequest>(header, body)),
            ApiKey.OffsetForLeaderEpoch => cluster.Epochs(),
            ApiKey.DeleteRecords => cluster.Delete(Read<DeleteRecordsRequest>(header, body), broker),
            _ => throw new FrameException($"The fake broker does not know {header.ApiKey}."),
        };

        private static T Read<T>(RequestHeader header, ReadOnlyMemory<byte> body)
            where T : IApiMessage<T>
        {
            var reader = new WireReader(body);
            return T.Read(ref reader, header.ApiVersion);
        }
    }
}
