using System;
using System.Net.Sockets;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>A listening TCP port.</summary>
public sealed class HostListener : IListener
{
    /// <summary>How long to wait when the process has no file handle left: the others must go on meanwhile.</summary>
    private static readonly TimeSpan s_pauseWhenExhausted = TimeSpan.FromMilliseconds(50);

    private readonly HostNetwork _network;
    private readonly IClock _clock;
    private readonly Socket _socket;
    private readonly AcceptOperation _accept;
    private bool _closed;

    internal HostListener(HostNetwork network, HostLoop loop, IClock clock, Socket socket)
    {
        _network = network;
        _clock = clock;
        _socket = socket;
        _accept = new AcceptOperation(loop, socket);
        Local = Addresses.Of(socket.LocalEndPoint);
    }

    /// <inheritdoc/>
    public Endpoint Local { get; }

    /// <inheritdoc/>
    public async LoopTask<IConnection> Accept()
    {
        while (true)
        {
            if (_closed) throw ClosedError();
            var (accepted, error) = await _accept.Start();
            if (_closed)
            {
                accepted?.Dispose();
                throw ClosedError();
            }

            if (accepted is not null && _network.TryAdopt(accepted) is { } connection) return connection;
            if (error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable) await _clock.Delay(s_pauseWhenExhausted);
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (_closed) return;
        _closed = true;
        _network.Forget(this);
        _socket.Dispose();
    }

    private NetworkException ClosedError() => new(NetworkError.Closed, $"The listener on {Local} has been closed.");

    private sealed class AcceptOperation(HostLoop loop, Socket socket) : SocketOperation<(Socket? Accepted, SocketError Error)>(loop, socket)
    {
        public LoopTask<(Socket? Accepted, SocketError Error)> Start()
        {
            if (IsBusy) throw new InvalidOperationException("An accept is under way on this listener; only one at a time.");
            Args.AcceptSocket = null;
            return Socket.AcceptAsync(Args) ? Pending() : EndLater();
        }

        protected override void Fire() =>
            Complete((Args.SocketError == SocketError.Success ? Args.AcceptSocket : null, Args.SocketError));
    }
}
