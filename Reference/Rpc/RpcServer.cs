using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Simulator.Platform;

namespace Reference.Rpc;

/// <summary>Where and how a server listens.</summary>
public sealed record RpcServerOptions(Endpoint Endpoint)
{
    /// <summary>The longest frame accepted from a client, in bytes.</summary>
    public int MaxFrameBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>Connections served at once; further ones are closed as soon as they are accepted.</summary>
    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary>How long a connection may be silent, while nothing is done for it, before it is closed; null: for ever.</summary>
    public TimeSpan? MaxIdle { get; init; }

    /// <summary>Connections that may wait to be accepted.</summary>
    public int Backlog { get; init; } = 128;
}

/// <summary>What a server does with one connection.</summary>
public interface IConnectionHandler
{
    /// <summary>
    /// Serves the connection until its peer has finished. A peer's fault is a <see cref="FrameException"/>, a broken connection a
    /// <see cref="NetworkException"/>: both end this connection only. Anything else is a bug and goes to the loop's handler,
    /// after the connection is dropped.
    /// </summary>
    LoopTask Run();

    /// <summary>The server stops: finish what is under way, then let <see cref="Run"/> end.</summary>
    void Stop();

    /// <summary>True while something is done for the peer, which may therefore be silent.</summary>
    bool IsBusy => false;

    /// <summary>The connection is gone; called once after <see cref="Run"/> has ended.</summary>
    void Closed();
}

/// <summary>Accepts connections, serves each by a handler of its own, and knows those that are open.</summary>
public sealed class RpcServer
{
    private const int IdleChecksPerSpan = 4;
    private static readonly TimeSpan s_acceptPause = TimeSpan.FromMilliseconds(100);

    private readonly Node _node;
    private readonly RpcServerOptions _options;
    private readonly Func<FrameConnection, IConnectionHandler> _factory;
    private readonly ILogger _log;
    private readonly List<Served> _connections = [];
    private IListener? _listener;
    private bool _stopping;
    private LoopPromise<Nothing>? _empty;

    /// <summary>Makes a server that gives each connection to what <paramref name="factory"/> makes.</summary>
    public RpcServer(Node node, RpcServerOptions options, Func<FrameConnection, IConnectionHandler> factory)
    {
        _node = node;
        _options = options;
        _factory = factory;
        _log = node.Logs.CreateLogger<RpcServer>();
    }

    /// <summary>The address with the port really bound.</summary>
    /// <exception cref="InvalidOperationException">Not started.</exception>
    public Endpoint Local => _listener?.Local ?? throw new InvalidOperationException("The server has not been started.");

    /// <summary>Connections open now.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Listens and begins to accept.</summary>
    /// <exception cref="NetworkException">AddressInUse or AddressNotAvailable.</exception>
    public async LoopTask Start()
    {
        if (_listener is not null) throw new InvalidOperationException("The server has been started already.");
        _listener = await _node.Network.Listen(_options.Endpoint, _options.Backlog);
        _node.Spawn(AcceptAll(_listener));
        if (_options.MaxIdle is { } maxIdle) ScheduleIdleCheck(maxIdle);
    }

    /// <summary>The connections open now, oldest first.</summary>
    public IReadOnlyList<FrameConnection> Connections() => _connections.ConvertAll(static c => c.Connection);

    /// <summary>
    /// Stops listening, asks every handler to finish, and drops those connections that have not ended after
    /// <paramref name="grace"/>.
    /// </summary>
    public async LoopTask Stop(TimeSpan grace)
    {
        if (_stopping) return;
        _stopping = true;
        _listener?.Close();
        foreach (var served in _connections.ToArray()) served.Handler.Stop();
        if (_connections.Count == 0) return;
        _empty = new LoopPromise<Nothing>();
        if (await _empty.WaitFor(_node.Clock, grace)) return;
        foreach (var served in _connections.ToArray()) served.Connection.Reset();
    }

    private async LoopTask AcceptAll(IListener listener)
    {
        while (!_stopping)
        {
            IConnection? accepted = null;
            try
            {
                accepted = await listener.Accept();
            }
            catch (NetworkException e) when (e.Error == NetworkError.Closed)
            {
                return;
            }
            catch (NetworkException e)
            {
                // The peer left before it was accepted, or this process is out of handles: others may still come.
                _log.LogWarning("Accepting on {Local} failed: {Reason}", listener.Local, e.Message);
            }

            if (accepted is null) await _node.Clock.Delay(s_acceptPause);
            else Admit(accepted);
        }
    }

    private void Admit(IConnection accepted)
    {
        if (_connections.Count >= _options.MaxConnections || _stopping)
        {
            _log.LogWarning("Refused {Remote}: {Count} connections are open, the limit is {Limit}", accepted.Remote, _connections.Count, _options.MaxConnections);
            accepted.Close();
            return;
        }

        var connection = new FrameConnection(accepted, _options.MaxFrameBytes);
        var served = new Served(connection, _factory(connection)) { ActiveMicros = _node.Clock.MonotonicMicros };
        _connections.Add(served);
        _node.Spawn(Serve(served));
    }

    private async LoopTask Serve(Served served)
    {
        Exception? bug = null;
        try
        {
            await served.Handler.Run();
            await served.Connection.Close();
        }
        catch (FrameException e)
        {
            _log.LogWarning("Closed the connection from {Remote}: {Reason}", served.Connection.Remote, e.Message);
            served.Connection.Reset();
        }
        catch (NetworkException e)
        {
            _log.LogDebug("The connection from {Remote} ended: {Reason}", served.Connection.Remote, e.Message);
            served.Connection.Reset();
        }
        catch (Exception e)
        {
            bug = e;
            served.Connection.Reset();
        }

        _connections.Remove(served);
        served.Handler.Closed();
        if (_connections.Count == 0) _empty?.TrySetResult(default);
        if (bug is not null) _node.Loop.Fail(bug);
    }

    /// <summary>Looks a few times per span, so that a connection is closed when it has been silent for the span or a little longer.</summary>
    private void CloseIdle(TimeSpan maxIdle)
    {
        if (_stopping) return;
        var now = _node.Clock.MonotonicMicros;
        foreach (var served in _connections.ToArray())
        {
            var bytes = served.Connection.BytesPassed;
            if (bytes != served.BytesSeen || served.Handler.IsBusy) (served.BytesSeen, served.ActiveMicros) = (bytes, now);
            else if (now - served.ActiveMicros >= maxIdle.TotalMicroseconds) Close(served.Connection);
        }

        ScheduleIdleCheck(maxIdle);
    }

    private void ScheduleIdleCheck(TimeSpan maxIdle) =>
        _node.Clock.Schedule(TimeSpan.FromMilliseconds(Math.Max(1, maxIdle.TotalMilliseconds / IdleChecksPerSpan)), () => CloseIdle(maxIdle));

    private void Close(FrameConnection idle)
    {
        _log.LogDebug("Closed the connection from {Remote}, which was idle", idle.Remote);
        if (idle.PendingBytes > 0) idle.Reset(); // its peer does not read either
        else _node.Spawn(idle.Close());
    }

    private sealed class Served(FrameConnection connection, IConnectionHandler handler)
    {
        public FrameConnection Connection => connection;

        public IConnectionHandler Handler => handler;

        /// <summary>Bytes that had passed at the last look.</summary>
        public long BytesSeen { get; set; }

        /// <summary>When a look last found that bytes had passed.</summary>
        public long ActiveMicros { get; set; }
    }
}
