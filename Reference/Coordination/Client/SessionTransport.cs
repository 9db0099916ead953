using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Reference.Coordination.Jute;
using Reference.Rpc;
using Reference.StateMachines;
using Simulator.Platform;

namespace Reference.Coordination.Client;

/// <summary>
/// Keeps one session alive over one connection after the other: connects, pings, reconnects to the next server with the same
/// session and sets the watches again before any waiting request is sent.
/// </summary>
internal sealed class SessionTransport
{
    private const int MaxSetWatchesBytes = 128 * 1024;

    private readonly Node _node;
    private readonly CoordinationClientOptions _options;
    private readonly ClientWatches _watches;
    private readonly Action<WatchEvent> _onEvent;
    private readonly StateMachine<CoordinationState, SessionTrigger> _lifecycle = SessionLifecycle.Create();
    private readonly List<Endpoint> _servers;
    private readonly Backoff _backoff;
    private readonly ILogger _log;
    private readonly List<LoopPromise<bool>> _waiting = [];
    private byte[] _password = new byte[ConnectResponse.PasswordBytes];
    private TimeSpan _sessionTimeout;
    private long _lostMicros;
    private bool _toldOfSilence;
    private RpcClientConnection? _connection;
    private long _lastZxid;
    private int _xid;
    private int _nextServer;
    private int _failedInARow;

    public SessionTransport(Node node, CoordinationClientOptions options, ConnectString connect, ClientWatches watches, Action<WatchEvent> onEvent)
    {
        _node = node;
        _options = options;
        _watches = watches;
        _onEvent = onEvent;
        _sessionTimeout = options.SessionTimeout;
        var random = node.Random.Stream("coordination.client");
        _servers = [.. connect.Servers];
        random.Shuffle(_servers);
        _backoff = new Backoff(options.ReconnectBackoff, options.ReconnectBackoffMax, random);
        _log = node.Logs.CreateLogger<CoordinationClient>();
    }

    public Action? Connected { get; set; }

    public Action? Disconnected { get; set; }

    public Action? Expired { get; set; }

    public long SessionId { get; private set; }

    public TimeSpan SessionTimeout => _sessionTimeout;

    public CoordinationState State => _lifecycle.State;

    /// <summary>False also in the moment between the end of a connection and the news of it.</summary>
    private bool IsUsable => _connection is { IsOpen: true };

    public void Start()
    {
        _lifecycle.Fire(SessionTrigger.Start);
        _node.Spawn(KeepConnected());
    }

    /// <summary>Waits until connected; false when the time is over.</summary>
    /// <exception cref="CoordinationException">SessionExpired: expired or closed.</exception>
    public async LoopTask<bool> WaitForConnection(TimeSpan timeout)
    {
        ThrowIfEnded();
        if (IsUsable && _waiting.Count == 0) return true;
        var place = new LoopPromise<bool>();
        _waiting.Add(place);
        await place.WaitFor(_node.Clock, timeout);
        _waiting.Remove(place);
        ThrowIfEnded();
        if (!IsUsable) return false;
        WakeAll(); // whoever came in line after the connection was made, behind those it had woken
        return true;
    }

    /// <summary>Sends a request and gives the reply behind its header. Requests are sent in the order of the calls.</summary>
    /// <exception cref="CoordinationException">The server's error, ConnectionLoss or SessionExpired; BadArguments if the request is longer than servers take.</exception>
    public async LoopTask<T> Exchange<T>(OpCode code, Action<JuteWriter>? body, ReplyReader<T> read)
    {
        if (!await WaitForConnection(_options.RequestTimeout))
        {
            throw new CoordinationException(CoordinationError.ConnectionLoss, "No coordination server could be reached; the request was never sent.");
        }

        var xid = _xid = _xid == int.MaxValue ? 1 : _xid + 1;
        return await SendOver(_connection!, xid, code, body, read, _options.RequestTimeout);
    }

    /// <summary>Ends the session on the server, if it can be reached, and then this end.</summary>
    public async LoopTask Close()
    {
        if (State == CoordinationState.Connected)
        {
            try
            {
                await Exchange(OpCode.CloseSession, null, Replies.Nothing);
            }
            catch (CoordinationException e)
            {
                _log.LogDebug("Session {Session:x} could not be closed in order and will expire: {Reason}", SessionId, e.Message);
            }
        }

        _lifecycle.Fire(SessionTrigger.Close);
        WakeAll();
        if (_connection is { } connection) await connection.Close();
    }

    private async LoopTask<T> SendOver<T>(RpcClientConnection connection, int xid, OpCode code, Action<JuteWriter>? body, ReplyReader<T> read, TimeSpan timeout)
    {
        var writer = JuteWriter.ForFrame();
        new RequestHeader(xid, code).Write(writer);
        body?.Invoke(writer);
        var frame = writer.ToFrame();
        if (frame.Length - OutgoingFrame.PrefixBytes > _options.MaxRequestBytes)
        {
            throw new CoordinationException(
                CoordinationError.BadArguments,
                $"{code} needs {frame.Length - OutgoingFrame.PrefixBytes} bytes, more than the {_options.MaxRequestBytes} that the coordination store takes (ZooKeeper's jute.maxbuffer); it was not sent.");
        }

        ReadOnlyMemory<byte> reply;
        try
        {
            reply = await connection.Send(xid, frame, timeout);
        }
        catch (RpcException e)
        {
            throw new CoordinationException(CoordinationError.ConnectionLoss, $"{code} got no reply: {e.Message}", e)
            {
                OutcomeUnknown = e.Outcome == RpcOutcome.Unknown,
            };
        }

        if (TryRead(code, reply.Span, read, out var result, out var error)) return result;
        if (error == CoordinationError.SessionExpired) Expire();
        if (error != CoordinationError.MarshallingError) throw new CoordinationException(error, $"{code} was refused: {error}.");

        // Where the next reply begins is as doubtful as this one: another connection, and whoever asked asks again.
        await connection.Close();
        throw new CoordinationException(CoordinationError.ConnectionLoss, $"{code} got a reply that cannot be read.") { OutcomeUnknown = true };
    }

    private bool TryRead<T>(OpCode code, ReadOnlySpan<byte> reply, ReplyReader<T> read, [MaybeNullWhen(false)] out T result, out CoordinationError error)
    {
        result = default;
        try
        {
            var reader = new JuteReader(reply);
            var header = ReplyHeader.Read(ref reader);
            if (header.Zxid > _lastZxid) _lastZxid = header.Zxid;
            error = header.Error;
            if (error == CoordinationError.Ok) result = read(ref reader);
        }
        catch (JuteException e)
        {
            _log.LogWarning("The reply of {Server} to a {Request} cannot be read: {Reason}", _connection?.Remote, code, e.Message);
            error = CoordinationError.MarshallingError;
        }

        return error == CoordinationError.Ok;
    }

    private async LoopTask KeepConnected()
    {
        while (State == CoordinationState.Connecting)
        {
            var server = _servers[_nextServer++ % _servers.Count];
            var link = await Connect(server);
            if (State != CoordinationState.Connecting)
            {
                if (link is not null) await link.Connection.Close();
                return;
            }

            if (link is null)
            {
                _failedInARow++;
                TellOfSilence();
                await _node.Clock.Delay(_backoff.Next());
                continue;
            }

            _backoff.Reset();
            _failedInARow = 0;
            Establish(link);
            await link.Ended.Task;
            Lose();
        }
    }

    /// <summary>Once for each time that it lasts: a server that is away for as long as the session lives is worth more than a debugging line.</summary>
    private void TellOfSilence()
    {
        if (_toldOfSilence || SessionId == 0 || _node.Clock.MonotonicMicros - _lostMicros < (long)_sessionTimeout.TotalMicroseconds) return;
        _toldOfSilence = true;
        _log.LogWarning(
            "No coordination server of '{Servers}' has answered for {Seconds:0.0} s, longer than session {Session:x} lives without one ({Timeout:0.0} s): it may have expired. Trying on",
            _options.ConnectString,
            SecondsLost,
            SessionId,
            _sessionTimeout.TotalSeconds);
    }

    private double SecondsLost => (_node.Clock.MonotonicMicros - _lostMicros) / 1e6;

    private void Establish(Link link)
    {
        _connection = link.Connection;
        _lifecycle.Fire(SessionTrigger.Establish);
        if (_toldOfSilence) _log.LogInformation("Session {Session:x} goes on over {Server}, after {Seconds:0.0} s without a server", SessionId, link.Connection.Remote, SecondsLost);
        _toldOfSilence = false;
        _log.LogDebug("Session {Session:x} goes over {Server}", SessionId, link.Connection.Remote);
        WakeAll();
        _node.Spawn(Ping(link.Connection));
        Connected?.Invoke();
    }

    private void Lose()
    {
        _connection = null;
        if (State != CoordinationState.Connected) return;
        _lifecycle.Fire(SessionTrigger.Lose);
        _lostMicros = _node.Clock.MonotonicMicros;
        Disconnected?.Invoke();
    }

    private void Expire()
    {
        if (State is CoordinationState.Expired or CoordinationState.Closed) return;
        _lifecycle.Fire(SessionTrigger.Expire);
        _log.LogWarning("Session {Session:x} has expired", SessionId);
        _watches.Clear();
        WakeAll();
        Expired?.Invoke();
    }

    /// <summary>
    /// How long one server may take. A server that is silent for five seconds must not cost the session that another would keep: by the
    /// time that a loss is noticed a third of the session's time may be left (<see cref="Ping"/>), so one turn over all servers fits
    /// into that third. If none of them has answered by then they may be slow, and later turns give each its part of the whole.
    /// </summary>
    private TimeSpan ConnectTimeout()
    {
        if (_servers.Count == 1) return _options.ConnectTimeout;
        var whole = SessionId != 0 && _failedInARow < _servers.Count ? _sessionTimeout / 3 : _sessionTimeout;
        var part = whole / _servers.Count;
        return part < _options.ConnectTimeout ? part : _options.ConnectTimeout;
    }

    /// <summary>Dials, shakes hands and sets the watches again; null if that failed or the session has expired.</summary>
    private async LoopTask<Link?> Connect(Endpoint server)
    {
        try
        {
            var link = await ShakeHands(server);
            if (link is null) return null;
            foreach (var request in _watches.ToRequests(_lastZxid, MaxSetWatchesBytes))
            {
                await SendOver(link.Connection, Xid.SetWatches, OpCode.SetWatches, request.Write, Replies.Nothing, ConnectTimeout());
            }

            return link.Connection.IsOpen ? link : null;
        }
        catch (Exception e) when (e is RpcException or NetworkException or FrameException or JuteException or CoordinationException)
        {
            _log.LogDebug("No session over {Server}: {Reason}", server, e.Message);
            return null;
        }
    }

    private async LoopTask<Link?> ShakeHands(Endpoint server)
    {
        var ended = new LoopPromise<Nothing>();
        var options = new RpcClientOptions
        {
            MaxFrameBytes = _options.MaxReplyBytes,
            MaxInFlight = int.MaxValue,
            ConnectTimeout = ConnectTimeout(),
            Classify = Classify,
            OnNotification = frame => Loop.Current.Post(() => Notify(frame)), // behind the replies that came before it
            OnClosed = _ => ended.TrySetResult(default),
        };
        var connection = await RpcClientConnection.Dial(_node, server, options);
        var timer = _node.Clock.Schedule(options.ConnectTimeout, connection.Reset);
        var request = new ConnectRequest(_lastZxid, (int)_options.SessionTimeout.TotalMilliseconds, SessionId, _password, ReadOnly: false);
        connection.Write(request.ToFrame());
        var answer = await connection.ReadOwned();
        timer.Cancel();
        if (answer is null)
        {
            connection.Reset();
            return null;
        }

        var response = ConnectResponse.Read(answer);
        if (response.TimeoutMillis <= 0)
        {
            connection.Reset();
            Expire();
            return null;
        }

        SessionId = response.SessionId;
        _password = response.Password;
        _sessionTimeout = TimeSpan.FromMilliseconds(response.TimeoutMillis);
        return new Link(new RpcClientConnection(_node, connection, options), ended);
    }

    /// <summary>
    /// Pings every third of the session's time; a ping unanswered for another third drops the connection. So two thirds after the
    /// last ping that the server surely heard this side knows, and a third is left before the server can let the session expire.
    /// </summary>
    private async LoopTask Ping(RpcClientConnection connection)
    {
        var third = _sessionTimeout / 3;
        var sentMicros = _node.Clock.MonotonicMicros;
        while (true)
        {
            await _node.Clock.Delay(third - TimeSpan.FromMicroseconds(_node.Clock.MonotonicMicros - sentMicros));
            sentMicros = _node.Clock.MonotonicMicros;
            if (!connection.IsOpen || State != CoordinationState.Connected) return;
            try
            {
                await SendOver(connection, Xid.Ping, OpCode.Ping, null, Replies.Nothing, third);
            }
            catch (CoordinationException e)
            {
                _log.LogDebug("A ping of session {Session:x} failed: {Reason}", SessionId, e.Message);
                return;
            }
        }
    }

    private void Notify(ReadOnlyMemory<byte> frame)
    {
        WatchEvent watchEvent;
        try
        {
            var reader = new JuteReader(frame.Span);
            var header = ReplyHeader.Read(ref reader);
            if (header.Zxid > _lastZxid) _lastZxid = header.Zxid;
            watchEvent = Records.ReadWatchEvent(ref reader);
        }
        catch (JuteException e)
        {
            _log.LogWarning("A watch event of {Server} cannot be read: {Reason}", _connection?.Remote, e.Message);
            return;
        }

        _onEvent(watchEvent);
    }

    private static IncomingKind Classify(ReadOnlySpan<byte> frame, out int correlationId)
    {
        correlationId = 0;
        if (frame.Length < ReplyHeader.Bytes) return IncomingKind.Malformed;
        correlationId = BinaryPrimitives.ReadInt32BigEndian(frame);
        return correlationId == Xid.Notification ? IncomingKind.Notification : IncomingKind.Reply;
    }

    private void WakeAll()
    {
        foreach (var place in _waiting) place.TrySetResult(true);
    }

    private void ThrowIfEnded()
    {
        if (State is CoordinationState.Expired) throw new CoordinationException(CoordinationError.SessionExpired, $"Session {SessionId:x} has expired; make a new client.");
        if (State is CoordinationState.Closed) throw new CoordinationException(CoordinationError.SessionExpired, "The client is closed.");
        if (State is CoordinationState.NotStarted) throw new InvalidOperationException("The client has not been started.");
    }

    private sealed record Link(RpcClientConnection Connection, LoopPromise<Nothing> Ended);
}
