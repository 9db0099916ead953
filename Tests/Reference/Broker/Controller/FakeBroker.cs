using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Controller;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Reference.Rpc;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Schema;
using Simulator.Engine;
using Simulator.Platform;

namespace Tests.Reference.Broker.Controller;

/// <summary>A machine with a real controller, a real session and, in place of replicas, a server that notes control requests and agrees.</summary>
internal sealed class FakeBroker(SimMachine machine, int id, ControllerDecisions decisions)
{
    private const int Port = 9092;
    private int _controllerEpoch;

    public SimMachine Machine => machine;

    public int Id => id;

    public KafkaController Controller { get; private set; } = null!;

    public KafkaZnodes Znodes { get; private set; } = null!;

    /// <summary>Control requests in the order they came, of this incarnation.</summary>
    public List<IApiMessage> Received { get; } = [];

    /// <summary>What the last LeaderAndIsr said per partition.</summary>
    public SortedDictionary<TopicPartition, LeaderAndIsrRequest.LeaderAndIsrPartitionState> Told { get; } = [];

    /// <summary>Replicas in a log directory that has failed; stays until the test says otherwise.</summary>
    public HashSet<TopicPartition> Failed { get; } = [];

    /// <summary>Partitions that it names in its answers to LeaderAndIsr without having been asked, as on a failed disk.</summary>
    public HashSet<TopicPartition> AlsoAnswers { get; } = [];

    /// <summary>Replicas that were deleted, of this incarnation.</summary>
    public HashSet<TopicPartition> Deleted { get; } = [];

    /// <summary>Options of the controller on this broker.</summary>
    public ControllerConfig Config { get; set; } = new() { AutoLeaderRebalance = false };

    /// <summary>Where it says it stands.</summary>
    public string? Rack { get; set; }

    public bool IsUp => machine.IsUp;

    public void Start() => machine.Start(Run);

    private async LoopTask Run(Node node)
    {
        Received.Clear();
        Told.Clear();
        Deleted.Clear();
        _controllerEpoch = 0;
        var server = new RpcServer(node, new RpcServerOptions(new Endpoint(machine.Name, Port)), connection => new ControlHandler(this, connection));
        await server.Start();
        var session = new CoordinationSession(node, new CoordinationClientOptions("store:2181") { SessionTimeout = TimeSpan.FromSeconds(6) });
        await session.Start();
        Znodes = new KafkaZnodes(node, session);
        await Znodes.EnsurePersistentPaths();
        var registration = new BrokerZnode(id, [new BrokerEndpoint("PLAINTEXT", machine.Name, Port)], node.Clock.WallMillis, Rack);
        var epoch = await Znodes.RegisterBroker(registration, TimeSpan.FromSeconds(30));
        Controller = new KafkaController(node, registration, Znodes, Config, decisions);
        Controller.Start(epoch);
        await new LoopPromise<Nothing>().Task;
    }

    private IApiMessage Answer(IApiMessage request)
    {
        Received.Add(request);
        switch (request)
        {
            case LeaderAndIsrRequest zombies when zombies.ControllerEpoch < _controllerEpoch:
                return new LeaderAndIsrResponse { ErrorCode = ErrorCode.StaleControllerEpoch };
            case LeaderAndIsrRequest leaderAndIsr:
                _controllerEpoch = leaderAndIsr.ControllerEpoch;
                var answer = new LeaderAndIsrResponse();
                foreach (var topic in leaderAndIsr.TopicStates)
                {
                    foreach (var state in topic.PartitionStates) answer.PartitionErrors.Add(Tell(new TopicPartition(topic.TopicName, state.PartitionIndex), state));
                }

                answer.PartitionErrors.AddRange(AlsoAnswers.Select(p => new LeaderAndIsrResponse.LeaderAndIsrPartitionError
                {
                    TopicName = p.Topic,
                    PartitionIndex = p.Partition,
                    ErrorCode = ErrorCode.KafkaStorageError,
                }));
                return answer;
            case StopReplicaRequest stop:
                return new StopReplicaResponse
                {
                    PartitionErrors = [.. stop.TopicStates.SelectMany(t => t.PartitionStates.Select(p => Stop(new TopicPartition(t.TopicName, p.PartitionIndex), p)))],
                };
            default:
                return new UpdateMetadataResponse();
        }
    }

    private LeaderAndIsrResponse.LeaderAndIsrPartitionError Tell(TopicPartition partition, LeaderAndIsrRequest.LeaderAndIsrPartitionState state)
    {
        if (!Failed.Contains(partition)) Told[partition] = state;
        return new() { TopicName = partition.Topic, PartitionIndex = partition.Partition, ErrorCode = ErrorFor(partition) };
    }

    private StopReplicaResponse.StopReplicaPartitionError Stop(TopicPartition partition, StopReplicaRequest.StopReplicaPartitionState state)
    {
        if (state.DeletePartition && !Failed.Contains(partition)) Deleted.Add(partition);
        return new() { TopicName = partition.Topic, PartitionIndex = partition.Partition, ErrorCode = ErrorFor(partition) };
    }

    private ErrorCode ErrorFor(TopicPartition partition) => Failed.Contains(partition) ? ErrorCode.KafkaStorageError : ErrorCode.None;

    private sealed class ControlHandler(FakeBroker broker, FrameConnection connection) : IConnectionHandler
    {
        public async LoopTask Run()
        {
            while (await connection.ReadOwned() is { } frame)
            {
                connection.Write(Serve(frame));
                await connection.Drain();
            }
        }

        public void Stop()
        {
        }

        public void Closed()
        {
        }

        private OutgoingFrame Serve(byte[] frame)
        {
            var reader = new WireReader(frame);
            var header = RequestHeader.Read(ref reader);
            IApiMessage request = header.ApiKey switch
            {
                ApiKey.LeaderAndIsr => LeaderAndIsrRequest.Read(ref reader, header.ApiVersion),
                ApiKey.StopReplica => StopReplicaRequest.Read(ref reader, header.ApiVersion),
                ApiKey.UpdateMetadata => UpdateMetadataRequest.Read(ref reader, header.ApiVersion),
                _ => throw new InvalidOperationException($"The controller sent {header.ApiKey}."),
            };
            return OutgoingFrame.Ready(Frames.EncodeResponse(broker.Answer(request), header.ApiVersion, header.CorrelationId));
        }
    }
}
