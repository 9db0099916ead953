using System;
using System.Buffers;
using Simulator.Platform;

namespace Reference.Broker.Storage.Cleaning;

/// <summary>Collects batches and writes them to a segment in larger pieces.</summary>
internal sealed class CleanedSegmentWriter(LogSegment segment, int bufferBytes)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>True if a batch was written that differs from what stood in the log.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>Adds a batch.</summary>
    public async LoopTask Write(ReadOnlyMemory<byte> batch)
    {
        _buffer.Write(batch.Span);
        if (_buffer.WrittenCount >= bufferBytes) await Flush();
    }

    /// <summary>Notes that a batch was written anew.</summary>
    public void MarkChanged() => HasChanged = true;

    /// <summary>Writes what is left.</summary>
    public async LoopTask Flush()
    {
        if (_buffer.WrittenCount == 0) return;
        await segment.Append(_buffer.WrittenMemory);
        _buffer.ResetWrittenCount();
    }
}
