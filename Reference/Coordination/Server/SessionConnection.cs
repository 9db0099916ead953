using System;
using Reference.Coordination.Jute;
using Reference.Rpc;
using Simulator.Platform;

namespace Reference.Coordination.Server;

/// <summary>One client's connection: the handshake, then requests answered in their order, with watch events between.</summary>
internal sealed class SessionConnection : IConnectionHandler, IWatcher
{
    private const int MaxUnanswered = 1000;

    private readonly Store _store;
    private readonly FrameConnection _connection;
    private readonly Func<int> _connectionCount;
    private readonly RequestProcessor _processor;
    private readonly LoopSignal _answered = new();
    private int _unanswered;
    private bool _dropped;

    public SessionConnection(Store store, FrameConnection connection, Func<int> connectionCount)
    {
        _store = store;
        _connection = connection;
        _connectionCount = connectionCount;
        _processor = new RequestProcessor(store, this);
    }

    /// <summary>The session, or 0 before the handshake.</summary>
    public long SessionId { get; private set; }

    public async LoopTask Run()
    {
        if (await ReadHandshake() is not { } handshake) return;
        if (Greet(handshake)) await ServeRequests();
        await _store.Pipeline.Barrier(); // the connection is closed behind the last answer
    }

    public void Stop() => Loop.Current.Spawn(_connection.Close());

    public void Closed()
    {
        _dropped = true;
        _store.Detach(SessionId, this);
    }

    /// <summary>The session goes on elsewhere: nothing more is read or sent here.</summary>
    public void Drop()
    {
        _dropped = true;
        _store.Watches.Remove(this);
        _connection.Reset();
    }

    /// <summary>Closes once what was promised to the client has been sent.</summary>
    public void CloseAfterOutput()
    {
        _dropped = true;
        _store.Watches.Remove(this);
        _store.Pipeline.Release(Stop);
    }

    public void OnEvent(WatchEvent watchEvent)
    {
        var writer = JuteWriter.ForFrame();
        new ReplyHeader(Xid.Notification, -1, CoordinationError.Ok).Write(writer);
        Records.WriteWatchEvent(writer, watchEvent);
        var frame = writer.ToFrame();
        _store.Pipeline.Release(() => _connection.Write(frame));
    }

    /// <summary>Answers a request as soon as all it tells of is durable.</summary>
    public void Reply(int xid, CoordinationError error, Action<JuteWriter>? body = null)
    {
        var writer = JuteWriter.ForFrame();
        new ReplyHeader(xid, _store.Tree.LastZxid, error).Write(writer);
        if (error == CoordinationError.Ok) body?.Invoke(writer);
        var frame = writer.ToFrame();
        _unanswered++;
        _store.Pipeline.Release(() =>
        {
            _unanswered--;
            _answered.Set();
            _connection.Write(frame);
        });
    }

    private async LoopTask ServeRequests()
    {
        while (!_dropped && await _connection.Read() is { } frame)
        {
            if (_dropped) return;
            _store.Touch(SessionId);
            Process(frame.Span);
            while (_unanswered >= MaxUnanswered) await _answered.Wait();
        }
    }

    private void Process(ReadOnlySpan<byte> frame)
    {
        try
        {
            _processor.Process(frame);
        }
        catch (JuteException e)
        {
            throw new FrameException($"A request of {_connection.Remote} cannot be read: {e.Message}", e);
        }
    }

    private async LoopTask<ConnectRequest?> ReadHandshake()
    {
        if (await _connection.Reader.ReadPrefix() is not { } prefix) return null;
        if (FourLetterWords.Answer(prefix, _store, _connectionCount()) is { } answer)
        {
            _connection.Write(OutgoingFrame.Ready(answer));
            return null;
        }

        var frame = await _connection.Reader.ReadBody(prefix);
        try
        {
            return ConnectRequest.Read(frame.Span);
        }
        catch (JuteException e)
        {
            throw new FrameException($"{_connection.Remote} does not begin with a connect request: {e.Message}", e);
        }
    }

    /// <summary>Answers the handshake; false if the connection is to be closed.</summary>
    private bool Greet(ConnectRequest request)
    {
        if (request.LastZxidSeen > _store.Tree.LastZxid)
        {
            throw new FrameException(
                $"{_connection.Remote} has seen transaction {request.LastZxidSeen}, but this server is at {_store.Tree.LastZxid}: "
                + "its data are older than the client's. The client must use another server.");
        }

        if (request.SessionId == 0)
        {
            var timeout = _store.Options.NegotiateMillis(request.TimeoutMillis);
            (SessionId, var password) = _store.OpenSession(timeout, this);
            Send(new ConnectResponse(timeout, SessionId, password, ReadOnlyAnswer(request)));
            return true;
        }

        if (!_store.Tree.IsPassword(request.SessionId, request.Password))
        {
            Send(ConnectResponse.Expired(ReadOnlyAnswer(request)));
            return false;
        }

        SessionId = request.SessionId;
        _store.Attach(SessionId, this);
        Send(new ConnectResponse(_store.Tree.TimeoutOf(SessionId)!.Value, SessionId, request.Password, ReadOnlyAnswer(request)));
        return true;
    }

    /// <summary>This server is never read-only; clients that do not send the field do not expect it.</summary>
    private static bool? ReadOnlyAnswer(ConnectRequest request) => request.ReadOnly is null ? null : false;

    private void Send(ConnectResponse response)
    {
        var frame = response.ToFrame();
        _store.Pipeline.Release(() => _connection.Write(frame));
    }
}
