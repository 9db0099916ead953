using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Simulator.Platform.Services;

/// <summary>
/// A connection as a stream, for <see cref="StreamReader"/>, <see cref="StreamWriter"/>, <c>CopyToAsync</c> and the like. Only
/// asynchronous reads and writes: a node has one loop and must not block it. Cancelling a pending read or write drops the connection.
/// </summary>
public sealed class NodeStream : Stream
{
    private readonly IConnection _connection;

    internal NodeStream(IConnection connection) => _connection = connection;

    /// <summary>This end.</summary>
    public Endpoint Local => _connection.Local;

    /// <summary>The other end.</summary>
    public Endpoint Remote => _connection.Remote;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException("A connection has no length.");

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException("A connection has no position.");
        set => throw new NotSupportedException("A connection has no position.");
    }

    /// <summary>Reads at least one byte; 0 at the end.</summary>
    /// <exception cref="IOException">The connection was reset or closed.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        cancellationToken.ThrowIfCancellationRequested();
        await using var registration = DropOn(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _connection.Read(buffer).AsTask().ConfigureAwait(false);
        }
        catch (NetworkException e)
        {
            throw Translated(e, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Ends when the send buffer has taken all bytes.</summary>
    /// <exception cref="IOException">The connection was reset or closed.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return;
        cancellationToken.ThrowIfCancellationRequested();
        await using var registration = DropOn(cancellationToken).ConfigureAwait(false);
        try
        {
            await _connection.Write(buffer).AsTask().ConfigureAwait(false);
        }
        catch (NetworkException e)
        {
            throw Translated(e, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Ends this direction: the peer reads the end after the last byte.</summary>
    public void FinishWriting() => _connection.FinishWriting();

    /// <summary>Drops the connection at once; the peer sees a reset.</summary>
    public void Reset() => _connection.Reset();

    /// <summary>Nothing to do: writes are not buffered here.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Would block the node's loop.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A blocking read would stop the node's loop: use ReadAsync.");

    /// <summary>Would block the node's loop.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A blocking write would stop the node's loop: use WriteAsync, and FlushAsync of a writer before it is disposed of.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A connection has no position.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("A connection has no length.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _connection.Close();
        base.Dispose(disposing);
    }

    private static Exception Translated(NetworkException error, CancellationToken cancellation) =>
        cancellation.IsCancellationRequested ? new OperationCanceledException("The connection was dropped, because its use was cancelled.", error, cancellation) : BclErrors.Of(error)!;

    private CancellationTokenRegistration DropOn(CancellationToken cancellation) =>
        cancellation.UnsafeRegister(static connection => ((IConnection)connection!).Reset(), _connection);
}
