using System;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>
/// A region of a segment's file that holds record batches, to be sent without passing through managed memory
/// (<see cref="IConnection.WriteFile"/>). The last batch may be cut off by the reader's byte limit, as in Kafka.
/// </summary>
/// <param name="File">The segment's file; null for an empty slice.</param>
/// <param name="Position">First byte.</param>
/// <param name="Count">Number of bytes.</param>
public readonly record struct LogSlice(IFile? File, long Position, int Count)
{
    /// <summary>No bytes.</summary>
    public static LogSlice Empty => default;

    /// <summary>Reads the slice into memory; shorter if the log was truncated meanwhile.</summary>
    /// <exception cref="DiskException">Io, Closed.</exception>
    public async LoopTask<ReadOnlyMemory<byte>> ReadAll()
    {
        if (File is null || Count == 0) return ReadOnlyMemory<byte>.Empty;
        var buffer = new byte[Count];
        var read = await File.ReadFully(Position, buffer);
        return buffer.AsMemory(0, read);
    }
}
