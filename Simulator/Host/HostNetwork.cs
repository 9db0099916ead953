using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>The machine's TCP, IPv4 and IPv6. Completions are posted to the loop; nothing of a node runs on the thread pool.</summary>
public sealed class HostNetwork : INetwork
{
    private const int ChunkBytes = 1 << 16;
    private static readonly TimeSpan s_lookupTimeout = TimeSpan.FromSeconds(10);

    private readonly HostLoop _loop;
    private readonly IClock _clock;
    private readonly HashSet<HostConnection> _connections = [];
    private readonly HashSet<HostListener> _listeners = [];
    private readonly HashSet<Lingering> _lingering = [];
    private readonly HashSet<Socket> _dialling = [];
    private readonly Stack<byte[]> _chunks = new();
    private bool _closed;

    /// <summary>The network as seen from a loop.</summary>
    public HostNetwork(HostLoop loop, IClock clock)
    {
        _loop = loop;
        _clock = clock;
    }

    /// <inheritdoc/>
    public async LoopTask<IListener> Listen(Endpoint endpoint, int backlog = 128)
    {
        var addresses = endpoint.Host.Length == 0 ? [IPAddress.IPv6Any] : await NameLookup.Resolve(_loop, _clock, endpoint.Host, s_lookupTimeout);
        var address = addresses[0];
        ThrowIfClosed();
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, endpoint.Port));
            socket.Listen(backlog);
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw NetworkErrors.OfListening(e, endpoint);
        }

        var listener = new HostListener(this, _loop, _clock, socket);
        _listeners.Add(listener);
        return listener;
    }

    /// <inheritdoc/>
    public async LoopTask<IConnection> Connect(Endpoint remote, TimeSpan timeout)
    {
        if (remote.Port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort) throw NetworkErrors.NoPort(remote);
        var started = _clock.MonotonicMicros;
        var addresses = await NameLookup.Resolve(_loop, _clock, remote.Host, timeout);
        var error = SocketError.HostNotFound;
        foreach (var address in addresses)
        {
            var left = timeout - TimeSpan.FromMicroseconds(_clock.MonotonicMicros - started);
            if (left <= TimeSpan.Zero) throw NetworkErrors.OfDialing(SocketError.TimedOut, remote);
            ThrowIfClosed();
            if (!TryOpen(address.AddressFamily, out var socket, out error)) continue;
            _dialling.Add(socket);
            error = await new ConnectOperation(_loop, socket).Start(new IPEndPoint(address, remote.Port), _clock, left);
            _dialling.Remove(socket);
            ThrowIfClosed();
            // A dialled port of this machine that nobody listens on may be drawn as our own port: TCP then connects to itself.
            if (error == SocketError.Success && Equals(socket.LocalEndPoint, socket.RemoteEndPoint)) error = SocketError.ConnectionRefused;
            if (error == SocketError.Success && TryAdopt(socket) is { } connection) return connection;
            socket.Dispose();
        }

        throw NetworkErrors.OfDialing(error == SocketError.Success ? SocketError.ConnectionReset : error, remote);
    }

    /// <summary>False where the machine has no such family of addresses, or no more handles.</summary>
    private static bool TryOpen(AddressFamily family, [NotNullWhen(true)] out Socket? socket, out SocketError error)
    {
        try
        {
            socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
            error = SocketError.Success;
            return true;
        }
        catch (SocketException e)
        {
            socket = null;
            error = e.SocketErrorCode;
            return false;
        }
    }

    /// <summary>Makes a connection of a connected socket; null if it broke meanwhile.</summary>
    internal HostConnection? TryAdopt(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            var connection = new HostConnection(this, _loop, socket);
            _connections.Add(connection);
            return connection;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Takes over a socket whose connection has been closed, until the peer has read all.</summary>
    internal void Linger(Socket socket)
    {
        var lingering = new Lingering(_loop, _clock, socket, this);
        _lingering.Add(lingering);
        if (_closed) lingering.End();
        else lingering.Drain();
    }

    /// <summary>Closes all that is open.</summary>
    internal void CloseAll()
    {
        _closed = true;
        foreach (var listener in _listeners.ToArray()) listener.Close();
        foreach (var connection in _connections.ToArray()) connection.Close();
        foreach (var lingering in _lingering.ToArray()) lingering.End();
        foreach (var socket in _dialling) socket.Dispose();
    }

    private void ThrowIfClosed()
    {
        if (_closed) throw new NetworkException(NetworkError.Closed, "The node is stopping: nothing is opened any more.");
    }

    internal void Forget(HostConnection connection) => _connections.Remove(connection);

    internal void Forget(HostListener listener) => _listeners.Remove(listener);

    internal void Forget(Lingering lingering) => _lingering.Remove(lingering);

    internal byte[] RentChunk() => _chunks.TryPop(out var chunk) ? chunk : new byte[ChunkBytes];

    internal void ReturnChunk(byte[] chunk) => _chunks.Push(chunk);
}
