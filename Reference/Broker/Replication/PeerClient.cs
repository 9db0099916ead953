using System;
using Reference.Rpc;
using Reference.Wire;
using Reference.Wire.Schema;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <summary>One broker's requests to another over a connection of their own, opened when needed and again after it broke.</summary>
public sealed class PeerClient
{
    private readonly Node _node;
    private readonly Func<Endpoint?> _endpoint;
    private readonly string _clientId;
    private readonly TimeSpan _timeout;
    private RpcClientConnection? _connection;
    private int _correlation;
    private bool _closed;

    /// <summary>A client that asks <paramref name="endpoint"/> where to dial; every request may take <paramref name="timeout"/>.</summary>
    public PeerClient(Node node, Func<Endpoint?> endpoint, string clientId, TimeSpan timeout)
    {
        _node = node;
        _endpoint = endpoint;
        _clientId = clientId;
        _timeout = timeout;
    }

    /// <summary>Sends a request and gives its answer.</summary>
    /// <exception cref="RpcException">No answer; the next request dials again.</exception>
    /// <exception cref="WireException">What came is no such answer.</exception>
    public async LoopTask<TResponse> Call<TRequest, TResponse>(TRequest request, short version)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IResponse<TResponse>
    {
        var connection = await Connected();
        var correlation = _correlation = _correlation == int.MaxValue ? 0 : _correlation + 1;
        var frame = OutgoingFrame.Ready(Frames.EncodeRequest(request, version, correlation, _clientId));
        var reply = await connection.Send(correlation, frame, _timeout);
        return Frames.DecodeResponse<TResponse>(reply, version, out _);
    }

    /// <summary>Drops the connection; requests under way fail.</summary>
    public void Close()
    {
        _closed = true;
        if (_connection is { } open) _node.Spawn(open.Close());
        _connection = null;
    }

    private async LoopTask<RpcClientConnection> Connected()
    {
        if (_closed) throw new RpcException(RpcFailure.Closed, RpcOutcome.NeverSent, "The client has been closed.");
        if (_connection is { IsOpen: true } open)
        {
            if (!_node.Buggify("peer-reconnects")) return open;
            _connection = null;
            await open.Close();
        }

        if (_endpoint() is not { } endpoint) throw new RpcException(RpcFailure.ConnectFailed, RpcOutcome.NeverSent, "It is not known where the broker listens.");
        var fresh = await RpcClientConnection.Connect(_node, endpoint, new RpcClientOptions { ConnectTimeout = _timeout });
        if (!_closed) return _connection = fresh;
        await fresh.Close();
        throw new RpcException(RpcFailure.Closed, RpcOutcome.NeverSent, "The client has been closed.");
    }
}
