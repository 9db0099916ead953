using System;
using System.Net.Sockets;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>
/// The last moments of a connection closed by this side: reads and drops what the peer still sends until its end, for a bounded
/// time and amount, because closing a socket with unread bytes resets it and may take bytes away that the peer has not read yet.
/// </summary>
internal sealed class Lingering : SocketOperation<Nothing>
{
    private const int MaxDropped = 1 << 20;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);

    private readonly byte[] _scratch = new byte[4096];
    private readonly HostNetwork _network;
    private readonly LoopTimer _timer;
    private int _dropped;

    public Lingering(HostLoop loop, IClock clock, Socket socket, HostNetwork network)
        : base(loop, socket)
    {
        _network = network;
        _timer = clock.Schedule(s_longest, End);
        Args.SetBuffer(_scratch);
    }

    /// <summary>Reads on until the end of the connection.</summary>
    public void Drain()
    {
        while (_dropped < MaxDropped)
        {
            try
            {
                if (Socket.ReceiveAsync(Args)) return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            if (Args.SocketError != SocketError.Success || Args.BytesTransferred == 0) break;
            _dropped += Args.BytesTransferred;
        }

        End();
    }

    /// <summary>Gives the socket up.</summary>
    public void End()
    {
        _timer.Cancel();
        _network.Forget(this);
        Socket.Dispose();
    }

    protected override void Fire()
    {
        if (Args.SocketError != SocketError.Success || Args.BytesTransferred == 0)
        {
            End();
            return;
        }

        _dropped += Args.BytesTransferred;
        Drain();
    }
}
