using System;
using System.Net.Sockets;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>The reading direction of a connection.</summary>
internal sealed class ReceiveOperation(HostLoop loop, Socket socket, HostConnection connection) : SocketOperation<int>(loop, socket)
{
    /// <summary>Reads what is there, or waits for it.</summary>
    public LoopTask<int> Start(Memory<byte> buffer)
    {
        if (IsBusy) throw new InvalidOperationException("A read is under way on this connection; only one at a time.");
        Args.SetBuffer(buffer);
        if (Socket.ReceiveAsync(Args)) return Pending();
        var read = Args.BytesTransferred;
        if (Args.SocketError != SocketError.Success || read == 0 || !Host.MayCompleteInline()) return EndLater();
        return LoopTask.FromResult(read);
    }

    protected override void Fire()
    {
        var error = connection.ErrorOf(Args.SocketError);
        if (error is null && Args.BytesTransferred == 0) error = connection.ErrorAtEnd();
        Args.SetBuffer(default);
        if (error is not null) Fault(error);
        else Complete(Args.BytesTransferred);
    }
}
