using System;
using System.Numerics;
using System.Text;

namespace Reference.Wire;

/// <summary>Sizes in bytes of encoded primitives.</summary>
public static class WireSize
{
    /// <summary>An unsigned varint: 7 bits a byte.</summary>
    public static int UnsignedVarint(uint value) => (38 - BitOperations.LeadingZeroCount(value | 1)) / 7;

    /// <summary>A zigzag varint.</summary>
    public static int Varint(int value) => UnsignedVarint(unchecked((uint)((value << 1) ^ (value >> 31))));

    /// <summary>A zigzag varint of 64 bits.</summary>
    public static int Varlong(long value) =>
        (70 - BitOperations.LeadingZeroCount(unchecked((ulong)((value << 1) ^ (value >> 63))) | 1)) / 7;

    /// <summary>A string or null with its length.</summary>
    public static int String(string? value, bool flexible)
    {
        var bytes = value is null ? 0 : Encoding.UTF8.GetByteCount(value);
        return bytes + (flexible ? UnsignedVarint(value is null ? 0 : (uint)bytes + 1) : 2);
    }

    /// <summary>Bytes or null with their length.</summary>
    public static int Bytes(ReadOnlyMemory<byte>? value, bool flexible)
    {
        var bytes = value?.Length ?? 0;
        return bytes + (flexible ? UnsignedVarint(value is null ? 0 : (uint)bytes + 1) : 4);
    }

    /// <summary>The length before an array's elements; -1 for null.</summary>
    public static int ArrayLength(int count, bool flexible) => flexible ? UnsignedVarint((uint)(count + 1)) : 4;

    /// <summary>Tag number and size before a tagged field's value.</summary>
    public static int TagHeader(int tag, int size) => UnsignedVarint((uint)tag) + UnsignedVarint((uint)size);
}
