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

    public SimMachine Machine => machine;

    public int Id => id;

    public KafkaController Controller { get; private set; } = null!;

    public KafkaZnodes Znodes { get; private set; } = null!;

    /// <summary>Control requests in the order they came, of this incarnation.</summary>
    public List<IApiMessage> Received { get; } = [];

    /// <summary>The controller epoch of the last LeaderAndIsr per partition, with leader and leader epoch.</summary>
    public SortedDictionary<TopicPartition, LeaderAndIsrRequest.LeaderAndIsrPartitionState> Told { get; } = [];

    public bool IsUp => machine.IsUp;

    public void Start() => machine.Start(Run);

    private async LoopTask Run(Node node)
    {
        Received.Clear();
        Told.Clear();
        var server = new RpcServer(node, new RpcServerOptions(new Endpoint(machine.Name, Port)), connection => new ControlHandler(this, connection));
        await server.Start();
        var session = new CoordinationSession(node, new CoordinationClientOptions("store:2181") { SessionTimeout = TimeSpan.FromSeconds(6) });
        await session.Start();
        Znodes = new KafkaZnodes(node, session);
        await Znodes.EnsurePersistentPaths();
        var registration = new BrokerZnode(id, [new BrokerEndpoint("PLAINTEXT", machine.Name, Port)], node.Clock.WallMillis);
        var epoch = await Znodes.RegisterBroker(registration, TimeSpan.FromSeconds(30));
        Controller = new KafkaController(node, registration, Znodes, new ControllerConfig { AutoLeaderRebalance = false }, decisions);
        Controller.Start(epoch);
        await new LoopPromise<Nothing>().Task;
    }

    private IApiMessage Answer(IApiMessage request)
    {
        Received.Add(request);
        switch (request)
        {
            case LeaderAndIsrRequest leaderAndIsr:
                foreach (var topic in leaderAndIsr.TopicStates)
                {
                    foreach (var state in topic.PartitionStates) Told[new TopicPartition(topic.TopicName, state.PartitionIndex)] = state;
                }

                return new LeaderAndIsrResponse();
            case StopReplicaRequest stop:
                return new StopReplicaResponse
                {
                    PartitionErrors = [.. stop.Topics.SelectMany(t => t.PartitionIndexes.Select(p => new StopReplicaResponse.StopReplicaPartitionError { TopicName = t.Name, PartitionIndex = p }))],
                };
            default:
                return new UpdateMetadataResponse();
        }
    }

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
