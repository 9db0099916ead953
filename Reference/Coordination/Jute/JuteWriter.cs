using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Reference.Rpc;

namespace Reference.Coordination.Jute;

/// <summary>Writes ZooKeeper's record encoding into a growing array; see <see cref="JuteReader"/>.</summary>
public sealed class JuteWriter
{
    private byte[] _buffer;
    private int _length;

    /// <summary>An empty writer.</summary>
    public JuteWriter(int capacity = 128) => _buffer = new byte[Math.Max(capacity, 16)];

    /// <summary>Bytes written.</summary>
    public int Length => _length;

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>A writer whose first four bytes are kept for the length; end it with <see cref="ToFrame"/>.</summary>
    public static JuteWriter ForFrame(int capacity = 128)
    {
        var writer = new JuteWriter(capacity);
        writer.WriteInt(0);
        return writer;
    }

    /// <summary>Fills the length in and gives the frame; the writer must not be used afterwards.</summary>
    public OutgoingFrame ToFrame()
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer, _length - OutgoingFrame.PrefixBytes);
        return OutgoingFrame.Ready(Written);
    }

    public void WriteInt(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), value);
        _length += sizeof(int);
    }

    public void WriteLong(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(Room(sizeof(long)), value);
        _length += sizeof(long);
    }

    public void WriteBool(bool value)
    {
        Room(1)[0] = value ? (byte)1 : (byte)0;
        _length++;
    }

    /// <summary>A buffer with its length; null as −1.</summary>
    public void WriteBuffer(byte[]? value)
    {
        WriteInt(value?.Length ?? -1);
        if (value is not null) WriteRaw(value);
    }

    public void WriteString(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        WriteInt(bytes);
        Encoding.UTF8.GetBytes(value, Room(bytes));
        _length += bytes;
    }

    public void WriteStrings(IReadOnlyCollection<string> values)
    {
        WriteInt(values.Count);
        foreach (var value in values) WriteString(value);
    }

    /// <summary>Bytes as they are, without a length.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Takes back everything and begins anew in the same array.</summary>
    public void Clear() => _length = 0;

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - _length < count) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, checked(_length + count)));
        return _buffer.AsSpan(_length);
    }
}
