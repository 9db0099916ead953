using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>The writing direction of a connection.</summary>
internal sealed class SendOperation(HostLoop loop, Socket socket, HostConnection connection) : SocketOperation<Nothing>(loop, socket)
{
    private Memory<byte> _rest;

    /// <summary>Sends all bytes; ends at once if the send buffer takes them.</summary>
    public LoopTask<Nothing> Start(ReadOnlyMemory<byte> data)
    {
        if (IsBusy) throw new InvalidOperationException("A write is under way on this connection; only one at a time.");
        _rest = MemoryMarshal.AsMemory(data); // only read from
        if (!Pump()) return Pending();
        if (Args.SocketError != SocketError.Success || !Host.MayCompleteInline()) return EndLater();
        return default;
    }

    protected override void Fire()
    {
        if (!_rest.IsEmpty && Args.SocketError == SocketError.Success && !connection.IsClosed)
        {
            Advance();
            if (!Pump()) return;
        }

        _rest = default;
        Args.SetBuffer(default);
        if (connection.ErrorOf(Args.SocketError) is { } error) Fault(error);
        else Complete(default);
    }

    /// <summary>Hands bytes to the socket until all are taken or it failed (true), or until it makes us wait (false).</summary>
    private bool Pump()
    {
        while (!_rest.IsEmpty)
        {
            Args.SetBuffer(_rest);
            if (Socket.SendAsync(Args)) return false;
            if (Args.SocketError != SocketError.Success) return true;
            Advance();
        }

        return true;
    }

    private void Advance() => _rest = _rest[Args.BytesTransferred..];
}
