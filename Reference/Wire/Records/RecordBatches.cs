using System;
using System.Buffers.Binary;

namespace Reference.Wire.Records;

/// <summary>Why an iteration over batches ended.</summary>
public enum BatchesEnd
{
    /// <summary>It has not ended yet.</summary>
    NotReached,

    /// <summary>The buffer ends where a batch ends.</summary>
    Complete,

    /// <summary>The last batch is cut off: fetch responses and crashed logs end like this.</summary>
    Torn,

    /// <summary>What follows is no batch v2: impossible length or another magic.</summary>
    Malformed,
}

/// <summary>
/// Iterates the batches in a buffer and never throws: <c>foreach (var batch in new RecordBatches(bytes))</c>. To know
/// why it stopped, keep the iterator: <c>while (batches.MoveNext())</c>, then <see cref="End"/> and
/// <see cref="Position"/> (foreach works on a copy).
/// </summary>
/// <param name="buffer">Batches one after another.</param>
public ref struct RecordBatches(ReadOnlySpan<byte> buffer)
{
    private readonly ReadOnlySpan<byte> _buffer = buffer;
    private RecordBatch _current;
    private int _next;

    /// <summary>The batch under the cursor.</summary>
    public readonly RecordBatch Current => _current;

    /// <summary>Why the iteration ended.</summary>
    public BatchesEnd End { get; private set; }

    /// <summary>Bytes of whole batches passed, the current one included.</summary>
    public readonly int Position => _next;

    /// <summary>Where the current batch begins.</summary>
    public readonly int CurrentStart => _next - _current.SizeInBytes;

    /// <summary>The iterator itself.</summary>
    public readonly RecordBatches GetEnumerator() => this;

    /// <summary>Goes to the next whole batch.</summary>
    public bool MoveNext()
    {
        var rest = _buffer[_next..];
        End = Judge(rest, out var size);
        if (End != BatchesEnd.NotReached)
            return false;
        _current = new RecordBatch(rest[..size]);
        _next += size;
        return true;
    }

    /// <summary>Size of the batch at the start of a buffer, also when only its first 12 bytes are there.</summary>
    /// <returns>Bytes of the whole batch, or -1 when the length is missing or impossible.</returns>
    public static long PeekSize(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length < RecordBatch.LogOverhead)
            return -1;
        var size = RecordBatch.LogOverhead + (long)BinaryPrimitives.ReadInt32BigEndian(buffer[RecordBatch.LengthAt..]);
        return size < RecordBatch.LogOverhead ? -1 : size;
    }

    /// <summary>
    /// Magic of what a buffer begins with, or -1 when too few bytes are there. Batches and old message sets keep it
    /// at the same place, so it tells them apart.
    /// </summary>
    public static sbyte PeekMagic(ReadOnlySpan<byte> buffer) =>
        buffer.Length > RecordBatch.MagicAt ? unchecked((sbyte)buffer[RecordBatch.MagicAt]) : (sbyte)RecordBatch.None;

    private static BatchesEnd Judge(ReadOnlySpan<byte> rest, out int size)
    {
        size = 0;
        if (rest.IsEmpty)
            return BatchesEnd.Complete;
        if (rest.Length > RecordBatch.MagicAt && rest[RecordBatch.MagicAt] != RecordBatch.CurrentMagic)
            return BatchesEnd.Malformed;
        if (rest.Length < RecordBatch.LogOverhead)
            return BatchesEnd.Torn;
        var claimed = PeekSize(rest);
        if (claimed < RecordBatch.HeaderSize)
            return BatchesEnd.Malformed;
        if (claimed > rest.Length)
            return BatchesEnd.Torn;
        size = (int)claimed;
        return BatchesEnd.NotReached;
    }
}
