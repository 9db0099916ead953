using System;
using System.Buffers.Binary;
using Simulator.Platform;

namespace Reference.Rpc;

/// <summary>
/// Cuts a byte stream into frames: a 4-byte big-endian length, then that many bytes. One receive buffer serves all frames, so
/// a frame lent out by <see cref="Read"/> is valid only until the next read. Memory grows with the bytes that have come, not with
/// those that a peer announces.
/// </summary>
public sealed class FrameReader
{
    private const int InitialBytes = 16 * 1024;
    private const int RetainedBytes = 1024 * 1024;

    private readonly IConnection _connection;
    private byte[] _buffer = new byte[InitialBytes];
    private int _start;
    private int _end;

    /// <summary>Reads frames of at most <paramref name="maxFrameBytes"/>, the prefix not counted.</summary>
    public FrameReader(IConnection connection, int maxFrameBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxFrameBytes);
        _connection = connection;
        MaxFrameBytes = maxFrameBytes;
    }

    /// <summary>The longest frame accepted, in bytes without its prefix.</summary>
    public int MaxFrameBytes { get; }

    /// <summary>Bytes that have come so far, those of half-read frames included.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The next frame without its prefix, borrowed until the next read; null when the peer has finished between two frames.</summary>
    /// <exception cref="FrameException">Negative, oversized or truncated frame.</exception>
    /// <exception cref="NetworkException">Reset or Closed.</exception>
    public async LoopTask<ReadOnlyMemory<byte>?> Read()
    {
        var prefix = await ReadPrefix();
        if (prefix is not { } length) return null;
        CheckLength(length);
        return await ReadBody(length);
    }

    /// <summary>Like <see cref="Read"/>, but the frame is an array of its own that the caller keeps.</summary>
    /// <exception cref="FrameException">Negative, oversized or truncated frame.</exception>
    /// <exception cref="NetworkException">Reset or Closed.</exception>
    public async LoopTask<byte[]?> ReadOwned()
    {
        var prefix = await ReadPrefix();
        if (prefix is not { } length) return null;
        CheckLength(length);
        var buffered = Math.Min(length, _end - _start);
        var frame = new byte[Math.Min(length, Math.Max(buffered, InitialBytes))];
        _buffer.AsSpan(_start, buffered).CopyTo(frame);
        _start += buffered;
        while (buffered < length)
        {
            if (buffered == frame.Length) Array.Resize(ref frame, (int)Math.Min(length, 2L * frame.Length));
            var read = await _connection.Read(frame.AsMemory(buffered));
            if (read == 0) throw Truncated(length, buffered);
            BytesRead += read;
            buffered += read;
        }

        return frame;
    }

    /// <summary>
    /// The next length prefix unchecked, or null when the peer has finished. For protocols whose first four bytes may be a word
    /// instead; follow it with <see cref="ReadBody"/>.
    /// </summary>
    /// <exception cref="FrameException">The stream ended inside the prefix.</exception>
    public async LoopTask<int?> ReadPrefix()
    {
        if (_start == _end && _buffer.Length > RetainedBytes) _buffer = new byte[InitialBytes];
        while (_end - _start < OutgoingFrame.PrefixBytes)
        {
            if (Filled(await Fill(OutgoingFrame.PrefixBytes))) continue;
            if (_start == _end) return null;
            throw new FrameException($"The connection from {_connection.Remote} ended after {_end - _start} of the 4 bytes of a frame's length.");
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        _start += OutgoingFrame.PrefixBytes;
        return length;
    }

    /// <summary>The body after a prefix, borrowed until the next read.</summary>
    /// <exception cref="FrameException">Negative, oversized or truncated frame.</exception>
    public async LoopTask<ReadOnlyMemory<byte>> ReadBody(int length)
    {
        CheckLength(length);
        while (_end - _start < length)
        {
            if (!Filled(await Fill(length))) throw Truncated(length, _end - _start);
        }

        var frame = _buffer.AsMemory(_start, length);
        _start += length;
        return frame;
    }

    private void CheckLength(int length)
    {
        if (length < 0)
        {
            throw new FrameException($"The peer {_connection.Remote} announced a frame of {length} bytes; a length is at least 0 and at most {MaxFrameBytes}.");
        }

        if (length > MaxFrameBytes)
        {
            throw new FrameException($"The peer {_connection.Remote} announced a frame of {length} bytes, but the limit is {MaxFrameBytes} bytes.");
        }
    }

    private FrameException Truncated(int length, int got) =>
        new($"The connection from {_connection.Remote} ended after {got} of the {length} bytes that a frame announced (limit {MaxFrameBytes}).");

    /// <summary>Reads once, first making room for more of a piece of <paramref name="needed"/> bytes.</summary>
    private LoopTask<int> Fill(int needed)
    {
        MakeRoom(needed);
        return _connection.Read(_buffer.AsMemory(_end));
    }

    /// <summary>Takes what a read has brought; false at the end of the stream.</summary>
    private bool Filled(int read)
    {
        _end += read;
        BytesRead += read;
        return read > 0;
    }

    private void MakeRoom(int needed)
    {
        if (_end < _buffer.Length && (_start == 0 || _start + needed <= _buffer.Length)) return;
        var target = _end - _start < _buffer.Length ? _buffer : new byte[Math.Min(GrownTo(needed), 2L * _buffer.Length)];
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        _end -= _start;
        _start = 0;
        _buffer = target;
    }

    private static int GrownTo(int needed) => needed <= 1 << 29 ? (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)needed) : needed;
}
