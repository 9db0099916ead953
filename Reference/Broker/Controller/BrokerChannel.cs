using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Reference.Rpc;
using Reference.Wire;
using Reference.Wire.Messages;
using Reference.Wire.Schema;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>The queue of control requests to one broker, and the connection over which they go one at a time.</summary>
internal sealed class BrokerChannel(
    Node node, ControllerConfig config, int controllerId, int brokerId, Endpoint endpoint, ControllerTerm term, ILogger log, Action<IApiMessage, IApiMessage> answered)
{
    private const short LeaderAndIsrVersion = 4;
    private const short StopReplicaVersion = 3;
    private const short UpdateMetadataVersion = 6;

    private readonly LoopMailbox<IApiMessage> _queue = new();
    private readonly string _clientId = $"controller-{controllerId}";
    private RpcClientConnection? _connection;
    private int _correlationId;
    private bool _closed;

    /// <summary>Queues a request.</summary>
    public void Send(IApiMessage request) => _queue.Send(request);

    /// <summary>Stops; what is queued is dropped.</summary>
    public void Close()
    {
        _closed = true;
        _queue.Close();
        if (_connection is { } connection) node.Spawn(connection.Close());
    }

    /// <summary>Sends what is queued until closed.</summary>
    public async LoopTask Run()
    {
        while (true)
        {
            IApiMessage request;
            try
            {
                request = await _queue.Receive();
            }
            catch (MailboxClosedException)
            {
                return;
            }

            while (!_closed && !term.IsOver)
            {
                if (await TrySend(request)) break;
                await node.Clock.Delay(config.RetryBackoff);
            }

            if (_closed || term.IsOver) return;
        }
    }

    /// <summary>What became of each replica that a broker was told to delete.</summary>
    public static IReadOnlyList<(TopicPartition Partition, ErrorCode Error)> Deletions(StopReplicaRequest request, StopReplicaResponse response)
    {
        var answers = new SortedDictionary<TopicPartition, ErrorCode>();
        foreach (var partition in response.PartitionErrors) answers[new TopicPartition(partition.TopicName, partition.PartitionIndex)] = partition.ErrorCode;
        var result = new List<(TopicPartition, ErrorCode)>();
        foreach (var topic in request.TopicStates)
        {
            foreach (var state in topic.PartitionStates)
            {
                var partition = new TopicPartition(topic.TopicName, state.PartitionIndex);
                if (!state.DeletePartition) continue;
                var error = response.ErrorCode != ErrorCode.None ? response.ErrorCode : answers.GetValueOrDefault(partition, ErrorCode.UnknownServerError);
                result.Add((partition, error));
            }
        }

        return result;
    }

    private async LoopTask<bool> TrySend(IApiMessage request)
    {
        try
        {
            if (_connection is not { IsOpen: true })
            {
                // A broker that cannot be reached for a while is not given up: only the end of its registration says that it is gone.
                _connection = await RpcClientConnection.Connect(node, endpoint, new RpcClientOptions { MaxInFlight = 1, ConnectTimeout = config.RequestTimeout });
                if (_closed)
                {
                    await _connection.Close();
                    return false;
                }
            }

            var response = await Exchange(_connection, request);
            if (node.Buggify("control-request-repeated")) await Exchange(_connection, request); // as after an answer that came too late
            if (!_closed && !term.IsOver) answered(request, response);
            return true;
        }
        catch (RpcException e)
        {
            log.LogDebug("A control request to broker {Broker} will be repeated: {Reason}", brokerId, e.Message);
            return false;
        }
        catch (WireFormatException e)
        {
            log.LogWarning("Broker {Broker} gave an answer that cannot be read: {Reason}", brokerId, e.Message);
            if (_connection is { } connection) await connection.Close();
            return false;
        }
    }

    private LoopTask<IApiMessage> Exchange(RpcClientConnection connection, IApiMessage request) => request switch
    {
        LeaderAndIsrRequest => Exchange<LeaderAndIsrResponse>(connection, request, LeaderAndIsrVersion),
        StopReplicaRequest => Exchange<StopReplicaResponse>(connection, request, StopReplicaVersion),
        UpdateMetadataRequest => Exchange<UpdateMetadataResponse>(connection, request, UpdateMetadataVersion),
        _ => throw new InvalidOperationException($"{request.ApiKey} is no control request."),
    };

    private async LoopTask<IApiMessage> Exchange<TResponse>(RpcClientConnection connection, IApiMessage request, short version)
        where TResponse : IApiMessage<TResponse>
    {
        var header = new RequestHeader(request.ApiKey, version, ++_correlationId, _clientId);
        var reply = await connection.Send(header.CorrelationId, OutgoingFrame.Ready(Frames.EncodeRequest(header, request)), config.RequestTimeout);
        return Frames.DecodeResponse<TResponse>(reply, version, out _);
    }
}
