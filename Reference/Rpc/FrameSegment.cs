using System;
using Simulator.Platform;

namespace Reference.Rpc;

/// <summary>A piece of an outgoing frame: bytes in memory, or a region of a file that need not pass through this process.</summary>
public readonly struct FrameSegment
{
    private FrameSegment(ReadOnlyMemory<byte> memory, IFile? file, long position, int count)
    {
        Memory = memory;
        File = file;
        Position = position;
        Count = count;
    }

    /// <summary>The bytes; empty where <see cref="File"/> is set.</summary>
    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>The file, or null for bytes in memory.</summary>
    public IFile? File { get; }

    /// <summary>Where the region begins in the file.</summary>
    public long Position { get; }

    /// <summary>Length in bytes.</summary>
    public int Count { get; }

    /// <summary>Bytes in memory; they must not change until the frame is released.</summary>
    public static FrameSegment Of(ReadOnlyMemory<byte> memory) => new(memory, null, 0, memory.Length);

    /// <summary>A region of a file, which must stay open until the frame is released.</summary>
    public static FrameSegment Of(IFile file, long position, int count) => new(default, file, position, count);
}
