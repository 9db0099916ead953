using System;
using System.Buffers.Binary;
using System.Text;

namespace Reference.Wire;

/// <summary>
/// Writes Kafka's primitives into a buffer of the exact size, which messages compute beforehand: nothing grows and
/// nothing is copied twice. Running over the end is a bug of ours and throws <see cref="InvalidOperationException"/>.
/// </summary>
/// <param name="destination">Buffer to fill.</param>
public ref struct WireWriter(Span<byte> destination)
{
    private readonly Span<byte> _span = destination;
    private int _position;

    /// <summary>Bytes written so far.</summary>
    public readonly int Position => _position;

    /// <summary>Writes one byte, 1 or 0.</summary>
    public void WriteBoolean(bool value) => Take(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>Writes a signed byte.</summary>
    public void WriteInt8(sbyte value) => Take(1)[0] = unchecked((byte)value);

    /// <summary>Writes 16 bits.</summary>
    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    /// <summary>Writes 32 bits.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    /// <summary>Writes 64 bits.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    /// <summary>Writes 16 bytes.</summary>
    public void WriteUuid(Uuid value) => value.CopyTo(Take(Uuid.ByteCount));

    /// <summary>Writes an unsigned varint.</summary>
    public void WriteUnsignedVarint(uint value)
    {
        while (value >= 0x80)
        {
            Take(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Take(1)[0] = (byte)value;
    }

    /// <summary>Copies raw bytes.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Writes a string with its length.</summary>
    /// <exception cref="WireFormatException">The string exceeds 32767 bytes of UTF-8.</exception>
    public void WriteString(string value, bool flexible, string field)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        if (bytes > short.MaxValue)
            throw new WireFormatException($"{field} has {bytes} bytes, more than a string may have.");
        if (flexible)
            WriteUnsignedVarint((uint)bytes + 1);
        else
            WriteInt16((short)bytes);
        Encoding.UTF8.GetBytes(value, Take(bytes));
    }

    /// <summary>Writes a string or null.</summary>
    /// <exception cref="WireFormatException">Null where the version does not allow it, or too long a string.</exception>
    public void WriteNullableString(string? value, bool flexible, bool nullable, string field)
    {
        if (value is not null)
        {
            WriteString(value, flexible, field);
            return;
        }

        ThrowUnlessNullable(nullable, field);
        if (flexible)
            WriteUnsignedVarint(0);
        else
            WriteInt16(-1);
    }

    /// <summary>Writes bytes or null with their length.</summary>
    /// <exception cref="WireFormatException">Null where the version does not allow it.</exception>
    public void WriteNullableBytes(ReadOnlyMemory<byte>? value, bool flexible, bool nullable, string field)
    {
        if (value is null)
            ThrowUnlessNullable(nullable, field);
        var length = value?.Length ?? -1;
        if (flexible)
            WriteUnsignedVarint((uint)(length + 1));
        else
            WriteInt32(length);
        if (value is { } bytes)
            WriteRaw(bytes.Span);
    }

    /// <summary>Writes the length before an array's elements; -1 for null.</summary>
    /// <exception cref="WireFormatException">Null where the version does not allow it.</exception>
    public void WriteArrayLength(int count, bool flexible, bool nullable, string field)
    {
        if (count < 0)
            ThrowUnlessNullable(nullable, field);
        if (flexible)
            WriteUnsignedVarint((uint)(count + 1));
        else
            WriteInt32(count);
    }

    /// <summary>Writes tag number and size before a tagged field's value.</summary>
    public void WriteTagHeader(int tag, int size)
    {
        WriteUnsignedVarint((uint)tag);
        WriteUnsignedVarint((uint)size);
    }

    private static void ThrowUnlessNullable(bool nullable, string field)
    {
        if (!nullable)
            throw new WireFormatException($"{field} is null, which the version being written does not allow.");
    }

    private Span<byte> Take(int count)
    {
        if (count > _span.Length - _position)
            throw new InvalidOperationException($"The computed size of {_span.Length} bytes is too small for what is written.");
        var taken = _span.Slice(_position, count);
        _position += count;
        return taken;
    }
}
