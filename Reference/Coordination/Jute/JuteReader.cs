using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Reference.Coordination.Jute;

/// <summary>
/// Reads ZooKeeper's record encoding: big-endian numbers; strings and buffers behind an int length (−1: null); vectors behind an
/// int count (−1: null).
/// </summary>
public ref struct JuteReader
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest;

    /// <summary>Reads from the first byte.</summary>
    public JuteReader(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>Bytes not yet read.</summary>
    public readonly int Remaining => _rest.Length;

    public int ReadInt() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int), "an int"));

    public long ReadLong() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long), "a long"));

    public bool ReadBool() => Take(1, "a boolean")[0] != 0;

    /// <summary>A buffer of its own, or null.</summary>
    public byte[]? ReadBuffer()
    {
        var length = ReadInt();
        return length == -1 ? null : Take(length, "a buffer").ToArray();
    }

    /// <summary>A buffer; null reads as empty.</summary>
    public byte[] ReadBytes() => ReadBuffer() ?? [];

    /// <summary>A string; null reads as empty.</summary>
    public string ReadString()
    {
        var length = ReadInt();
        if (length == -1) return "";
        try
        {
            return s_utf8.GetString(Take(length, "a string"));
        }
        catch (DecoderFallbackException)
        {
            throw new JuteException("A string is not UTF-8.");
        }
    }

    /// <summary>A vector of strings; null reads as empty.</summary>
    public List<string> ReadStrings()
    {
        var count = ReadCount(sizeof(int));
        var strings = new List<string>(count);
        for (var i = 0; i < count; i++) strings.Add(ReadString());
        return strings;
    }

    /// <summary>A vector's count, which the bytes left must be able to hold.</summary>
    public int ReadCount(int leastElementBytes)
    {
        var count = ReadInt();
        if (count == -1) return 0;
        if (count < 0 || count > _rest.Length / leastElementBytes)
        {
            throw new JuteException($"A vector announces {count} elements, but {_rest.Length} bytes are left.");
        }

        return count;
    }

    private ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw new JuteException($"{what} of {count} bytes was announced, but {_rest.Length} bytes are left.");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
