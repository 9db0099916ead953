using System;
using System.Buffers;
using System.Buffers.Binary;

namespace Reference.Wire.Records.Legacy;

/// <summary>Writes a message set entry by entry.</summary>
/// <param name="magic">0, or 1 with timestamps.</param>
public sealed class MessageSetWriter(sbyte magic)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <summary>The entries so far.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <summary>Appends an entry.</summary>
    /// <param name="offset">Offset.</param>
    /// <param name="timestampMs">Timestamp in milliseconds; not written with magic 0.</param>
    /// <param name="type">Who set the timestamp; not written with magic 0.</param>
    /// <param name="key">Key.</param>
    /// <param name="hasKey">False for a null key.</param>
    /// <param name="value">Value, or the compressed entries of a wrapper.</param>
    /// <param name="hasValue">False for a null value.</param>
    /// <param name="compression">Compression of a wrapper.</param>
    public void Append(
        long offset,
        long timestampMs,
        TimestampType type,
        ReadOnlySpan<byte> key,
        bool hasKey,
        ReadOnlySpan<byte> value,
        bool hasValue,
        CompressionType compression = CompressionType.None)
    {
        var size = LegacyMessage.CrcSize + 2 + (magic == 1 ? sizeof(long) : 0) + sizeof(int) + key.Length + sizeof(int) + value.Length;
        var entry = _buffer.GetSpan(LegacyMessage.EntryOverhead + size)[..(LegacyMessage.EntryOverhead + size)];
        BinaryPrimitives.WriteInt64BigEndian(entry, offset);
        BinaryPrimitives.WriteInt32BigEndian(entry[sizeof(long)..], size);
        var message = entry[LegacyMessage.EntryOverhead..];
        message[LegacyMessage.CrcSize] = (byte)magic;
        message[LegacyMessage.CrcSize + 1] = (byte)((int)compression
            | (magic == 1 && type == TimestampType.LogAppendTime ? LegacyMessage.TimestampFlag : 0));
        var rest = message[(LegacyMessage.CrcSize + 2)..];
        if (magic == 1)
        {
            BinaryPrimitives.WriteInt64BigEndian(rest, timestampMs);
            rest = rest[sizeof(long)..];
        }

        rest = WriteBytes(rest, key, hasKey);
        WriteBytes(rest, value, hasValue);
        BinaryPrimitives.WriteUInt32BigEndian(message, Crc32.Compute(message[LegacyMessage.CrcSize..]));
        _buffer.Advance(entry.Length);
    }

    private static Span<byte> WriteBytes(Span<byte> target, ReadOnlySpan<byte> bytes, bool present)
    {
        BinaryPrimitives.WriteInt32BigEndian(target, present ? bytes.Length : -1);
        bytes.CopyTo(target[sizeof(int)..]);
        return target[(sizeof(int) + bytes.Length)..];
    }
}
