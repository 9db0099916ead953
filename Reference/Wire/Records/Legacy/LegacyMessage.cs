using System;
using System.Buffers.Binary;

namespace Reference.Wire.Records.Legacy;

/// <summary>
/// A view of one entry of a message set, the format before record batches (magic 0, and magic 1 with timestamps,
/// KIP-32). A compressed entry is a wrapper whose value is a message set.
/// </summary>
public readonly ref struct LegacyMessage
{
    /// <summary>Bytes of offset and size before each message.</summary>
    public const int EntryOverhead = 12;

    internal const int CrcSize = 4;
    internal const int TimestampFlag = 0x08;
    private const int FixedSizeMagic0 = CrcSize + 1 + 1 + 4 + 4;

    private readonly ReadOnlySpan<byte> _message;

    /// <summary>Parses an entry.</summary>
    /// <param name="offset">Offset that stands before it.</param>
    /// <param name="message">The message from its checksum on.</param>
    /// <exception cref="WireFormatException">The bytes are not a message of magic 0 or 1.</exception>
    internal LegacyMessage(long offset, ReadOnlySpan<byte> message)
    {
        _message = message;
        Offset = offset;
        if (message.Length < FixedSizeMagic0)
            throw new WireFormatException($"A message has {message.Length} bytes, fewer than any message.");
        if (Magic is not (0 or 1))
            throw new WireFormatException($"A message set holds a message of magic {Magic}.");
        var rest = message[(CrcSize + 2)..];
        Timestamp = Magic == 0 ? RecordBatch.None : Long(ref rest);
        Key = Bytes(ref rest, out var hasKey);
        Value = Bytes(ref rest, out var hasValue);
        HasKey = hasKey;
        HasValue = hasValue;
        if (!rest.IsEmpty)
            throw new WireFormatException($"{rest.Length} bytes follow the value of a message.");
    }

    /// <summary>Offset; relative inside a wrapper of magic 1.</summary>
    public long Offset { get; }

    /// <summary>Format number, 0 or 1.</summary>
    public sbyte Magic => unchecked((sbyte)_message[CrcSize]);

    /// <summary>Checksum stored.</summary>
    public uint Crc => BinaryPrimitives.ReadUInt32BigEndian(_message);

    /// <summary>Compression of the value.</summary>
    public CompressionType Compression => (CompressionType)(_message[CrcSize + 1] & RecordBatch.CompressionMask);

    /// <summary>Who set the timestamp.</summary>
    public TimestampType TimestampType =>
        Magic == 1 && (_message[CrcSize + 1] & TimestampFlag) != 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime;

    /// <summary>Timestamp in milliseconds, -1 with magic 0.</summary>
    public long Timestamp { get; }

    /// <summary>Key; empty when <see cref="HasKey"/> is false.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>False for a null key.</summary>
    public bool HasKey { get; }

    /// <summary>Value; empty when <see cref="HasValue"/> is false.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>False for a null value.</summary>
    public bool HasValue { get; }

    /// <summary>Checksum that the bytes have.</summary>
    public uint ComputeCrc() => Crc32.Compute(_message[CrcSize..]);

    private static long Long(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < sizeof(long))
            throw new WireFormatException("A message ends within its timestamp.");
        var value = BinaryPrimitives.ReadInt64BigEndian(rest);
        rest = rest[sizeof(long)..];
        return value;
    }

    private static ReadOnlySpan<byte> Bytes(scoped ref ReadOnlySpan<byte> rest, out bool present)
    {
        if (rest.Length < sizeof(int))
            throw new WireFormatException("A message ends within its key or value.");
        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        rest = rest[sizeof(int)..];
        if (length < -1 || length > rest.Length)
            throw new WireFormatException($"Key or value of a message has length {length}, but {rest.Length} bytes remain.");
        present = length >= 0;
        var bytes = rest[..Math.Max(length, 0)];
        rest = rest[bytes.Length..];
        return bytes;
    }
}
