using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Simulator.Engine.Network;

/// <summary>A listening port of a simulated process with its backlog.</summary>
internal sealed class SimListener(SimProcess process, Endpoint local, int backlog) : IListener
{
    private readonly Queue<SimConnection> _offered = new();
    private AcceptOperation? _accept;
    private bool _closed;

    public Endpoint Local => local;

    public bool HasRoom => _offered.Count < Math.Min(backlog, process.Machine.Backlog.Value);

    public LoopTask<IConnection> Accept()
    {
        if (_accept is not null) throw new InvalidOperationException("One accept at a time.");
        var accept = new AcceptOperation(process.Loop);
        if (_closed) accept.Refuse(Closed());
        else if (_offered.TryDequeue(out var connection)) accept.Take(connection);
        else _accept = accept;
        return accept.Task;
    }

    public void Close()
    {
        if (_closed) return;
        _closed = true;
        process.Listeners.Remove(local.Port);
        while (_offered.TryDequeue(out var connection)) connection.Reset();
        _accept?.Refuse(Closed());
        _accept = null;
    }

    /// <summary>A connection has come in.</summary>
    internal void Offer(SimConnection connection)
    {
        if (_accept is not { } accept)
        {
            _offered.Enqueue(connection);
            return;
        }

        _accept = null;
        accept.Hand(process, connection);
    }

    private NetworkException Closed() => new(NetworkError.Closed, $"The listener on {local} is closed.");

    private sealed class AcceptOperation : LoopOperation<IConnection>
    {
        private SimConnection? _connection;

        public AcceptOperation(Loop loop) => Owner = loop;

        public override ushort Kind => EngineEventKinds.Accept;

        public void Take(SimConnection connection) => TrySetResult(connection);

        public void Refuse(NetworkException error) => TrySetException(error);

        public void Hand(SimProcess process, SimConnection connection)
        {
            _connection = connection;
            process.Schedule(this);
        }

        protected override void Fire() => Complete(_connection!);
    }
}
