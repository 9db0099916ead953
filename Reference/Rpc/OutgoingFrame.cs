using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Reference.Rpc;

/// <summary>A frame to be written: segments of memory and of files, length prefix included.</summary>
public sealed class OutgoingFrame
{
    /// <summary>Bytes of the big-endian length in front of every frame.</summary>
    public const int PrefixBytes = 4;

    private readonly List<FrameSegment> _segments;

    private OutgoingFrame(List<FrameSegment> segments, int length)
    {
        _segments = segments;
        Length = length;
    }

    /// <summary>Bytes on the wire, prefix included.</summary>
    public int Length { get; }

    /// <summary>Runs once when the frame's memory and files are no longer needed: written, or given up with the connection.</summary>
    public Action? Released { get; init; }

    /// <summary>True once bytes of it may have left: from then on a lost connection leaves its fate unknown.</summary>
    public bool HasStarted { get; private set; }

    internal IReadOnlyList<FrameSegment> Segments => _segments;

    /// <summary>Bytes that hold the length prefix already.</summary>
    public static OutgoingFrame Ready(ReadOnlyMemory<byte> prefixed, Action? released = null) =>
        new([FrameSegment.Of(prefixed)], prefixed.Length) { Released = released };

    /// <summary>Segments that hold the length prefix already.</summary>
    public static OutgoingFrame Ready(IReadOnlyList<FrameSegment> prefixed, Action? released = null) =>
        new([.. prefixed], SumOf(prefixed)) { Released = released };

    /// <summary>Puts the length prefix in front of a body.</summary>
    public static OutgoingFrame Prefixed(ReadOnlyMemory<byte> body, Action? released = null) =>
        Prefixed([FrameSegment.Of(body)], released);

    /// <summary>Puts the length prefix in front of a body made of segments.</summary>
    /// <exception cref="OverflowException">The body is longer than an int can say.</exception>
    public static OutgoingFrame Prefixed(IReadOnlyList<FrameSegment> body, Action? released = null)
    {
        var length = SumOf(body);
        var prefix = new byte[PrefixBytes];
        BinaryPrimitives.WriteInt32BigEndian(prefix, length);
        return new([FrameSegment.Of(prefix), .. body], checked(length + PrefixBytes)) { Released = released };
    }

    internal void MarkStarted() => HasStarted = true;

    internal void Release() => Released?.Invoke();

    private static int SumOf(IReadOnlyList<FrameSegment> segments)
    {
        var sum = 0;
        foreach (var segment in segments) sum = checked(sum + segment.Count);
        return sum;
    }
}
