using System.Net.Sockets;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>
/// One direction of a socket: an operation used again and again. Its completion comes on a pool thread, which does nothing but
/// post it to the loop.
/// </summary>
internal abstract class SocketOperation<T> : LoopOperation<T>, IAbandonable
{
    /// <summary>An operation whose completions fire on <paramref name="loop"/>.</summary>
    protected SocketOperation(HostLoop loop, Socket socket)
    {
        Host = loop;
        Socket = socket;
        Args = new Completion(this);
        Owner = loop.Loop;
    }

    /// <summary>True from the start until its result has been taken.</summary>
    public bool IsBusy { get; protected set; }

    /// <summary>The loop on which it completes.</summary>
    protected HostLoop Host { get; }

    /// <summary>The socket it works on.</summary>
    protected Socket Socket { get; }

    /// <summary>What .NET fills in.</summary>
    protected SocketAsyncEventArgs Args { get; }

    /// <summary>The loop has ended: nobody else will close what this operation holds or has just brought.</summary>
    public void Abandon()
    {
        Args.AcceptSocket?.Dispose();
        Socket.Dispose();
    }

    /// <inheritdoc/>
    protected override void Recycle() => IsBusy = false;

    /// <summary>Ends the operation by a turn of the loop, with what stands in <see cref="Args"/>.</summary>
    protected LoopTask<T> EndLater()
    {
        IsBusy = true;
        Host.Post(this);
        return Task;
    }

    /// <summary>Leaves the operation to the socket.</summary>
    protected LoopTask<T> Pending()
    {
        IsBusy = true;
        return Task;
    }

    private sealed class Completion(SocketOperation<T> operation) : SocketAsyncEventArgs(true)
    {
        protected override void OnCompleted(SocketAsyncEventArgs e)
        {
            if (!operation.Host.Post(operation)) operation.Abandon();
        }
    }
}
