using System;
using Simulator.Platform;

namespace Reference.Rpc;

/// <summary>A connection that carries length-prefixed frames both ways. One reader at a time; writes are queued in order.</summary>
public sealed class FrameConnection
{
    private readonly IConnection _connection;
    private readonly FrameWriter _writer;
    private bool _closing;
    private bool _closed;

    /// <summary>Frames over an open connection; frames read are at most <paramref name="maxFrameBytes"/> long.</summary>
    public FrameConnection(IConnection connection, int maxFrameBytes)
    {
        _connection = connection;
        Reader = new FrameReader(connection, maxFrameBytes);
        _writer = new FrameWriter(connection);
    }

    /// <summary>This end.</summary>
    public Endpoint Local => _connection.Local;

    /// <summary>The other end.</summary>
    public Endpoint Remote => _connection.Remote;

    /// <summary>The reading side in its parts.</summary>
    public FrameReader Reader { get; }

    /// <summary>Bytes written into the queue and not yet taken by the connection.</summary>
    public long PendingBytes => _writer.PendingBytes;

    /// <summary>Bytes that have passed either way: those read, and those the connection has taken.</summary>
    public long BytesPassed => Reader.BytesRead + _writer.BytesWritten;

    /// <summary>True once nothing can be written any more.</summary>
    public bool IsBroken => _closing || _writer.Broken is not null;

    /// <summary>The next frame without its prefix, borrowed until the next read; null when the peer has finished between two frames.</summary>
    /// <exception cref="FrameException">Negative, oversized or truncated frame.</exception>
    /// <exception cref="NetworkException">Reset or Closed.</exception>
    public LoopTask<ReadOnlyMemory<byte>?> Read() => Reader.Read();

    /// <summary>The next frame as an array that the caller keeps; null when the peer has finished.</summary>
    /// <exception cref="FrameException">Negative, oversized or truncated frame.</exception>
    /// <exception cref="NetworkException">Reset or Closed.</exception>
    public LoopTask<byte[]?> ReadOwned() => Reader.ReadOwned();

    /// <summary>Queues a frame. On a broken or closing connection it is dropped: the reading side tells of the end.</summary>
    public void Write(OutgoingFrame frame)
    {
        if (_closing) frame.Release();
        else _writer.Enqueue(frame);
    }

    /// <summary>Ends when all queued frames have reached the connection's send buffer, or the connection broke.</summary>
    public LoopTask Drain() => _writer.Drain();

    /// <summary>Writes what is queued, then closes both directions in order; a pending read ends with Closed.</summary>
    public async LoopTask Close()
    {
        if (_closing) return;
        _closing = true;
        await _writer.Drain();
        _writer.Break(new NetworkException(NetworkError.Closed, $"The connection to {Remote} has been closed."));
        if (_closed) return;
        _closed = true;
        _connection.Close();
    }

    /// <summary>Drops the connection and what is queued at once; nothing happens if it was closed in order before.</summary>
    public void Reset()
    {
        if (_closed) return;
        _closing = _closed = true;
        _writer.Break(new NetworkException(NetworkError.Closed, $"The connection to {Remote} has been dropped."));
        _connection.Reset();
    }
}
