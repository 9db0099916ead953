using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>A TCP connection.</summary>
public sealed class HostConnection : IConnection
{
    private readonly HostNetwork _network;
    private readonly Socket _socket;
    private readonly ReceiveOperation _receive;
    private readonly SendOperation _send;
    private bool _broken;
    private bool _finished;
    private bool _sendingFile;

    internal HostConnection(HostNetwork network, HostLoop loop, Socket socket)
    {
        _network = network;
        _socket = socket;
        _receive = new ReceiveOperation(loop, socket, this);
        _send = new SendOperation(loop, socket, this);
        Local = Addresses.Of(socket.LocalEndPoint);
        Remote = Addresses.Of(socket.RemoteEndPoint);
    }

    /// <inheritdoc/>
    public Endpoint Local { get; }

    /// <inheritdoc/>
    public Endpoint Remote { get; }

    /// <summary>True after <see cref="Close"/> or <see cref="Reset"/>.</summary>
    internal bool IsClosed { get; private set; }

    /// <inheritdoc/>
    public LoopTask<int> Read(Memory<byte> buffer)
    {
        if (buffer.IsEmpty) throw new ArgumentException("A read needs room for at least one byte.", nameof(buffer));
        return IsClosed ? LoopTask.FromException<int>(ClosedError()) : _receive.Start(buffer);
    }

    /// <inheritdoc/>
    public LoopTask Write(ReadOnlyMemory<byte> data)
    {
        if (_sendingFile) throw new InvalidOperationException("A write is under way on this connection; only one at a time.");
        return Send(data);
    }

    /// <inheritdoc/>
    public async LoopTask WriteFile(IFile file, long position, int count)
    {
        if (_sendingFile) throw new InvalidOperationException("A write is under way on this connection; only one at a time.");
        if (position + count > file.Length) throw BeyondEnd(file, position, count);
        _sendingFile = true;
        try
        {
            await SendFile(file, position, position + count);
        }
        finally
        {
            _sendingFile = false;
        }
    }

    /// <inheritdoc/>
    public void FinishWriting()
    {
        if (IsClosed || _finished) return;
        _finished = true;
        TryShutdown();
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (IsClosed) return;
        IsClosed = true;
        if (!_finished) TryShutdown();
        _network.Forget(this);
        // With a read or write pending there is nothing unread, and disposing ends them. Otherwise closing at once could turn
        // into a reset that takes away what the peer has still to get: wait for its end first.
        if (_receive.IsBusy || _send.IsBusy || _broken) _socket.Dispose();
        else _network.Linger(_socket);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        if (IsClosed) return;
        IsClosed = true;
        _network.Forget(this);
        try
        {
            _socket.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // broken already: there is nobody left to tell
        }

        _socket.Dispose();
    }

    /// <summary>What an operation that ended with <paramref name="error"/> has to throw, or null if it went well.</summary>
    internal NetworkException? ErrorOf(SocketError error)
    {
        if (IsClosed) return ClosedError();
        if (error == SocketError.Success) return null;
        _broken = true;
        return ResetError();
    }

    /// <summary>The system tells of a reset only once and then reads an end: what a read at the end has to throw, if anything.</summary>
    internal NetworkException? ErrorAtEnd() => _broken ? ResetError() : null;

    private LoopTask Send(ReadOnlyMemory<byte> data)
    {
        if (IsClosed || _finished) return LoopTask.FromException(ClosedError());
        return _broken ? LoopTask.FromException(ResetError()) : new LoopTask(_send.Start(data));
    }

    /// <summary>
    /// By sendfile as long as the socket takes bytes. When its buffer is full, one chunk is copied and sent the ordinary way, whose
    /// end tells that there is room again.
    /// </summary>
    private async LoopTask SendFile(IFile file, long position, long end)
    {
        byte[]? chunk = null;
        while (position < end)
        {
            if (IsClosed || _finished) throw ClosedError();
            position += SendInKernel(file, position, end - position);
            if (position >= end) break;
            chunk ??= _network.RentChunk();
            var read = await file.Read(position, chunk.AsMemory(0, (int)Math.Min(chunk.Length, end - position)));
            if (read == 0) throw BeyondEnd(file, position, (int)(end - position));
            await Send(chunk.AsMemory(0, read));
            position += read;
        }

        if (chunk is not null) _network.ReturnChunk(chunk);
    }

    /// <summary>Bytes that sendfile took; fewer than asked when the socket is full or the file is of another kind.</summary>
    private long SendInKernel(IFile file, long position, long count)
    {
        if (!Native.HasSendFile || file is not HostFile real || _broken) return 0;
        _socket.Blocking = false; // sendfile must never wait; .NET's own operations don't care
        var socket = (int)_socket.Handle;
        var handle = (int)real.Handle.DangerousGetHandle();
        long sent = 0;
        while (sent < count)
        {
            var offset = position + sent;
            var taken = (long)Native.SendFile(socket, handle, ref offset, (nuint)(count - sent));
            if (taken > 0) sent += taken;
            else if (taken == 0 || Marshal.GetLastPInvokeError() != Native.Interrupted) break; // the ordinary way finds out why
        }

        return sent;
    }

    private void TryShutdown()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // the peer has gone: the next read says so
        }
    }

    private NetworkException ClosedError() => new(NetworkError.Closed, $"The connection from {Local} to {Remote} has been closed by this side.");

    private NetworkException ResetError() => new(NetworkError.Reset, $"The connection from {Local} to {Remote} was reset or broke.");

    private static DiskException BeyondEnd(IFile file, long position, int count) =>
        new(DiskError.Io, $"The bytes {position} to {position + count} reach beyond the end of {file.Path}, which has {file.Length}.");
}
