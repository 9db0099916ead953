using System;
using System.Buffers.Binary;
using System.Text;

namespace Reference.Wire;

/// <summary>
/// Reads Kafka's primitives from a buffer. Every read is checked against the end; bad data throws
/// <see cref="WireFormatException"/>, and no length is trusted before it fits the bytes that remain.
/// </summary>
/// <remarks>Byte fields are borrowed slices of the buffer: they live as long as it is not reused.</remarks>
public ref struct WireReader
{
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _span;
    private int _position;

    /// <summary>Starts at the buffer's beginning.</summary>
    public WireReader(ReadOnlyMemory<byte> buffer)
    {
        _memory = buffer;
        _span = buffer.Span;
    }

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes not yet read.</summary>
    public readonly int Remaining => _span.Length - _position;

    /// <summary>How large a list to reserve for an announced count: bounded, since a peer chose the count.</summary>
    public static int InitialCapacity(int count) => Math.Min(count, 1024);

    /// <summary>Reads a byte as a boolean; any value but 0 is true.</summary>
    public bool ReadBoolean() => Take(1)[0] != 0;

    /// <summary>Reads a signed byte.</summary>
    public sbyte ReadInt8() => unchecked((sbyte)Take(1)[0]);

    /// <summary>Reads 16 bits.</summary>
    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    /// <summary>Reads 32 bits.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    /// <summary>Reads 64 bits.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>Reads 16 bytes.</summary>
    public Uuid ReadUuid() => Uuid.FromBytes(Take(Uuid.ByteCount));

    /// <summary>Reads an unsigned varint of at most 5 bytes.</summary>
    public uint ReadUnsignedVarint()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            uint part = Take(1)[0];
            if (shift == 28 && part > 0x0F)
                break;
            value |= (part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw Bad("a varint is longer than 32 bits");
    }

    /// <summary>Reads a string that may not be null.</summary>
    /// <param name="flexible">Compact length.</param>
    /// <param name="field">Name for the error.</param>
    public string ReadString(bool flexible, string field) => ReadNullableString(flexible, false, field)!;

    /// <summary>Reads a string.</summary>
    /// <param name="flexible">Compact length.</param>
    /// <param name="nullable">Whether the version admits null.</param>
    /// <param name="field">Name for the error.</param>
    public string? ReadNullableString(bool flexible, bool nullable, string field)
    {
        var length = flexible ? CompactLength(field) : ReadInt16();
        if (!CheckLength(length, nullable, 1, field))
            return null;
        return length > short.MaxValue
            ? throw Bad($"{field} has {length} bytes, more than a string may have")
            : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>Reads bytes as a borrowed slice.</summary>
    /// <param name="flexible">Compact length.</param>
    /// <param name="nullable">Whether the version admits null.</param>
    /// <param name="field">Name for the error.</param>
    public ReadOnlyMemory<byte>? ReadNullableBytes(bool flexible, bool nullable, string field)
    {
        var length = flexible ? CompactLength(field) : ReadInt32();
        if (!CheckLength(length, nullable, 1, field))
            return null; // not in a conditional expression: there null becomes an empty memory
        return Borrow(length);
    }

    /// <summary>Takes bytes without copying them.</summary>
    /// <param name="length">Number of bytes.</param>
    public ReadOnlyMemory<byte> Borrow(int length)
    {
        var start = _position;
        Take(length);
        return _memory.Slice(start, length);
    }

    /// <summary>Reads the length of an array, -1 for null.</summary>
    /// <param name="flexible">Compact length.</param>
    /// <param name="nullable">Whether the version admits null.</param>
    /// <param name="minElementSize">Fewest bytes of an element: more elements than fit are refused.</param>
    /// <param name="field">Name for the error.</param>
    public int ReadArrayLength(bool flexible, bool nullable, int minElementSize, string field)
    {
        var length = flexible ? CompactLength(field) : ReadInt32();
        return CheckLength(length, nullable, minElementSize, field) ? length : -1;
    }

    /// <summary>Reads the number of tagged fields that follow.</summary>
    public int ReadTagCount()
    {
        var count = ReadUnsignedVarint();
        return count <= (uint)Remaining / 2 ? (int)count : throw Bad($"{count} tagged fields cannot fit");
    }

    /// <summary>Reads a tag and where its value ends.</summary>
    /// <param name="end">Position after the value.</param>
    public int ReadTag(out int end)
    {
        var tag = ReadUnsignedVarint();
        var size = ReadUnsignedVarint();
        if (size > (uint)Remaining || tag > int.MaxValue)
            throw Bad($"tagged field {tag} claims {size} bytes");
        end = _position + (int)size;
        return (int)tag;
    }

    /// <summary>Jumps to a later position.</summary>
    public void SkipTo(int end) => Take(end - _position);

    /// <summary>Checks that a tagged value ended where its size said.</summary>
    public readonly void ExpectTagEnd(int end, string structure)
    {
        if (_position != end)
            throw Bad($"a tagged field of {structure} does not fill its size");
    }

    /// <summary>Skips all tagged fields: a structure that knows none.</summary>
    public void SkipTaggedFields()
    {
        for (var left = ReadTagCount(); left > 0; left--)
        {
            ReadTag(out var end);
            SkipTo(end);
        }
    }

    /// <summary>Checks that nothing follows.</summary>
    /// <param name="message">Name for the error.</param>
    public readonly void ExpectEnd(string message)
    {
        if (Remaining != 0)
            throw Bad($"{Remaining} bytes follow the end of {message}");
    }

    private int CompactLength(string field)
    {
        var length = ReadUnsignedVarint();
        return length <= int.MaxValue ? (int)length - 1 : throw Bad($"{field} has an impossible length {length}");
    }

    /// <summary>False for an admissible null.</summary>
    private readonly bool CheckLength(int length, bool nullable, int elementSize, string field)
    {
        if (length == -1)
            return nullable ? false : throw Bad($"{field} is null, which this version does not allow");
        if (length < 0 || (long)length * elementSize > Remaining)
            throw Bad($"{field} has length {length}, but {Remaining} bytes remain");
        return true;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
            throw Bad($"{count} bytes are needed, but {Remaining} remain");
        var taken = _span.Slice(_position, count);
        _position += count;
        return taken;
    }

    private readonly WireFormatException Bad(string what) => new($"Malformed data at byte {_position}: {what}.");
}
