using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Reference.Rpc;

/// <summary>
/// The client's end of a request/reply protocol: sends frames, matches replies by correlation id, keeps the number in flight
/// below a limit and gives each request a time. When one request gets no reply in time the whole connection is closed, because
/// what follows on it can no longer be trusted to come either.
/// </summary>
public sealed class RpcClientConnection
{
    private readonly Node _node;
    private readonly FrameConnection _connection;
    private readonly RpcClientOptions _options;
    private readonly Dictionary<int, PendingRequest> _inFlight = [];
    private readonly Queue<PendingRequest> _waiting = new();
    private long _sequence;
    private RpcException? _ended;

    /// <summary>Takes over a connection, for instance after a handshake of the protocol's own, and begins to read replies.</summary>
    public RpcClientConnection(Node node, FrameConnection connection, RpcClientOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxInFlight);
        _node = node;
        _connection = connection;
        _options = options;
        node.Spawn(Receive());
    }

    /// <summary>The other end.</summary>
    public Endpoint Remote => _connection.Remote;

    /// <summary>This end.</summary>
    public Endpoint Local => _connection.Local;

    /// <summary>True until the connection is lost or closed.</summary>
    public bool IsOpen => _ended is null;

    /// <summary>Requests sent and not yet answered.</summary>
    public int InFlight => _inFlight.Count;

    /// <summary>Requests not yet sent because of the in-flight limit.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Dials.</summary>
    /// <exception cref="RpcException">ConnectFailed, with the network's reason inside.</exception>
    public static async LoopTask<RpcClientConnection> Connect(Node node, Endpoint remote, RpcClientOptions options) =>
        new(node, await Dial(node, remote, options), options);

    /// <summary>Dials and gives the bare frame connection, for protocols that begin with a handshake.</summary>
    /// <exception cref="RpcException">ConnectFailed, with the network's reason inside.</exception>
    public static async LoopTask<FrameConnection> Dial(Node node, Endpoint remote, RpcClientOptions options)
    {
        try
        {
            return new FrameConnection(await node.Network.Connect(remote, options.ConnectTimeout), options.MaxFrameBytes);
        }
        catch (NetworkException e)
        {
            throw new RpcException(RpcFailure.ConnectFailed, RpcOutcome.NeverSent, $"Cannot connect to {remote}: {e.Message}", e);
        }
    }

    /// <summary>
    /// Sends a request and gives its reply, which the caller owns. The time runs from this call, waiting for a free place
    /// included. Requests leave in the order of the calls.
    /// </summary>
    /// <exception cref="RpcException">No reply; its outcome tells whether the request may have had an effect.</exception>
    public LoopTask<ReadOnlyMemory<byte>> Send(int correlationId, OutgoingFrame frame, TimeSpan timeout)
    {
        var request = new PendingRequest(correlationId, frame, ++_sequence);
        if (_ended is not null)
        {
            frame.Release();
            request.Reply.TrySetException(_ended.WithOutcome(RpcOutcome.NeverSent));
            return request.Reply.Task;
        }

        request.Timer = _node.Clock.Schedule(timeout, () => TimeOut(request, timeout));
        if (_inFlight.Count < _options.MaxInFlight && _waiting.Count == 0) Start(request);
        else _waiting.Enqueue(request);
        return request.Reply.Task;
    }

    /// <summary>Sends a request that has no reply; ends when all that was queued has reached the send buffer, or the connection has broken.</summary>
    /// <exception cref="RpcException">The connection had ended before.</exception>
    public LoopTask SendOneWay(OutgoingFrame frame)
    {
        if (_ended is not null) throw _ended.WithOutcome(RpcOutcome.NeverSent);
        _connection.Write(frame);
        return _connection.Drain();
    }

    /// <summary>Closes in order: what is queued is still written; requests without a reply fail with Closed.</summary>
    public LoopTask Close()
    {
        if (_ended is not null) return LoopTask.Completed;
        var closing = _connection.Close();
        End(new RpcException(RpcFailure.Closed, RpcOutcome.Unknown, $"The connection to {Remote} was closed by this side."));
        return closing;
    }

    private void Start(PendingRequest request)
    {
        if (!_inFlight.TryAdd(request.CorrelationId, request))
        {
            throw new InvalidOperationException($"Correlation id {request.CorrelationId} is in flight already.");
        }

        _connection.Write(request.Frame);
    }

    private async LoopTask Receive()
    {
        try
        {
            while (await _connection.ReadOwned() is { } frame)
            {
                if (_ended is not null) return;
                Dispatch(frame);
            }

            Fail(RpcFailure.ConnectionLost, $"{Remote} closed the connection.", null);
        }
        catch (NetworkException e)
        {
            Fail(RpcFailure.ConnectionLost, $"The connection to {Remote} was lost: {e.Message}", e);
        }
        catch (FrameException e)
        {
            Fail(RpcFailure.ProtocolViolation, e.Message, e);
        }
    }

    private void Dispatch(byte[] frame)
    {
        switch (_options.Classify(frame, out var id))
        {
            case IncomingKind.Notification:
                _options.OnNotification?.Invoke(frame);
                break;
            case IncomingKind.Reply when _inFlight.Remove(id, out var request):
                request.Timer?.Cancel();
                request.Reply.TrySetResult(frame);
                StartWaiting();
                break;
            case IncomingKind.Reply:
                Fail(RpcFailure.ProtocolViolation, $"{Remote} sent a reply with correlation id {id}, which no request in flight carries.", null);
                break;
            default:
                Fail(RpcFailure.ProtocolViolation, $"{Remote} sent a frame of {frame.Length} bytes that is neither a reply nor a notification.", null);
                break;
        }
    }

    private void StartWaiting()
    {
        while (_inFlight.Count < _options.MaxInFlight && _waiting.TryDequeue(out var request))
        {
            if (!request.Reply.IsCompleted) Start(request);
        }
    }

    private void TimeOut(PendingRequest request, TimeSpan timeout)
    {
        if (request.Reply.IsCompleted || _ended is not null) return;
        var message = $"{Remote} gave no reply to request {request.CorrelationId} within {timeout.TotalMilliseconds:0} ms.";
        if (!_inFlight.ContainsKey(request.CorrelationId) || _inFlight[request.CorrelationId] != request)
        {
            // It never got a place in flight: nothing is wrong with the connection that its predecessors' own times do not tell.
            request.Frame.Release();
            request.Reply.TrySetException(new RpcException(RpcFailure.TimedOut, RpcOutcome.NeverSent, message));
            return;
        }

        Fail(RpcFailure.TimedOut, message, null);
    }

    private void Fail(RpcFailure failure, string message, Exception? inner)
    {
        if (_ended is not null) return;
        var error = new RpcException(failure, RpcOutcome.Unknown, message, inner);
        var requests = TakeAll();
        _connection.Reset();
        End(error, requests);
    }

    private void End(RpcException error) => End(error, TakeAll());

    private void End(RpcException error, List<PendingRequest> requests)
    {
        _ended = error;
        foreach (var request in requests)
        {
            request.Timer?.Cancel();
            request.Reply.TrySetException(error.WithOutcome(request.Frame.HasStarted ? RpcOutcome.Unknown : RpcOutcome.NeverSent));
        }

        _options.OnClosed?.Invoke(error);
    }

    /// <summary>All requests without a reply, in the order they were made.</summary>
    private List<PendingRequest> TakeAll()
    {
        var requests = new List<PendingRequest>(_inFlight.Values);
        requests.Sort(static (a, b) => a.Sequence.CompareTo(b.Sequence));
        while (_waiting.TryDequeue(out var request))
        {
            if (request.Reply.IsCompleted) continue;
            request.Frame.Release();
            requests.Add(request);
        }

        _inFlight.Clear();
        return requests;
    }

    private sealed class PendingRequest(int correlationId, OutgoingFrame frame, long sequence)
    {
        public int CorrelationId { get; } = correlationId;

        public OutgoingFrame Frame { get; } = frame;

        public long Sequence { get; } = sequence;

        public LoopPromise<ReadOnlyMemory<byte>> Reply { get; } = new();

        public LoopTimer? Timer { get; set; }
    }
}
