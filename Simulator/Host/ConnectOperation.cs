using System;
using System.Net;
using System.Net.Sockets;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>One attempt to dial one address.</summary>
internal sealed class ConnectOperation(HostLoop loop, Socket socket) : SocketOperation<SocketError>(loop, socket)
{
    private LoopTimer? _timer;
    private bool _expired;

    /// <summary>Dials; <see cref="SocketError.TimedOut"/> if nobody answers in time.</summary>
    public LoopTask<SocketError> Start(IPEndPoint remote, IClock clock, TimeSpan timeout)
    {
        Args.RemoteEndPoint = remote;
        if (!Socket.ConnectAsync(Args)) return LoopTask.FromResult(Args.SocketError);
        _timer = clock.Schedule(timeout, Expire);
        return Pending();
    }

    protected override void Fire()
    {
        _timer!.Cancel();
        Complete(_expired ? SocketError.TimedOut : Args.SocketError);
    }

    private void Expire()
    {
        _expired = true;
        Socket.Dispose(); // ends the attempt, whose completion is then posted
    }
}
