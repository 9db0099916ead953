using System;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>Walks the batches of a segment's file from a batch boundary on, reading ahead in chunks.</summary>
internal sealed class BatchScanner(IFile file, int position, int end)
{
    private const int ChunkBytes = 8192;
    private const int WholeChunkBytes = 65_536;

    private byte[] _buffer = [];
    private int _bufferStart;
    private int _buffered;
    private int _next = position;

    /// <summary>The header under the cursor.</summary>
    public BatchHeader Current { get; private set; }

    /// <summary>Where the current batch begins; after the walk, where the first byte stands that belongs to no whole batch.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Why the walk ended before the end of the file; null if it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>Goes to the next batch, of which only the header is read.</summary>
    public LoopTask<bool> MoveNext() => MoveNext(whole: false);

    /// <summary>Goes to the next batch and reads it whole.</summary>
    public LoopTask<bool> MoveNextWhole() => MoveNext(whole: true);

    /// <summary>The bytes of the current batch after <see cref="MoveNextWhole"/>; valid until the next move.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(Position - _bufferStart, Current.SizeInBytes);

    private async LoopTask<bool> MoveNext(bool whole)
    {
        Position = _next;
        if (Position >= end) return false;
        if (!await Fill(BatchHeader.Size, whole)) return Stop($"{end - Position} bytes are fewer than a batch header.");
        if (BatchHeader.TryRead(_buffer.AsSpan(Position - _bufferStart)) is not { } header) return Stop("no batch begins there.");
        if (header.SizeInBytes > end - Position) return Stop($"a batch of {header.SizeInBytes} bytes is cut off after {end - Position}.");
        if (whole && !await Fill(header.SizeInBytes, whole)) return Stop("the file is shorter than it claims.");
        Current = header;
        _next = Position + header.SizeInBytes;
        return true;
    }

    private bool Stop(string problem)
    {
        Problem = problem;
        return false;
    }

    private async LoopTask<bool> Fill(int count, bool whole)
    {
        if (Position >= _bufferStart && Position + count <= _bufferStart + _buffered) return true;
        if (count > end - Position) return false;
        var wanted = Math.Min(Math.Max(count, whole ? WholeChunkBytes : ChunkBytes), end - Position);
        if (_buffer.Length < wanted) _buffer = new byte[wanted];
        _bufferStart = Position;
        _buffered = await file.ReadFully(Position, _buffer.AsMemory(0, wanted));
        return _buffered >= count;
    }
}
