using System;

namespace Reference.Wire.Records;

/// <summary>Reads the zigzag varints of records; bad data throws <see cref="WireFormatException"/>.</summary>
internal ref struct VarintReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    public readonly int Position => _position;

    public readonly int Remaining => _data.Length - _position;

    public byte ReadByte()
    {
        if (_position >= _data.Length)
            throw new WireFormatException($"A record ends too early, after {_position} bytes.");
        return _data[_position++];
    }

    public int ReadVarint()
    {
        var value = ReadVarlong();
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new WireFormatException($"A varint before byte {_position} exceeds 32 bits.");
    }

    public long ReadVarlong()
    {
        ulong raw = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = ReadByte();
            raw |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return unchecked((long)(raw >> 1) ^ -(long)(raw & 1));
        }

        throw new WireFormatException($"A varint before byte {_position} exceeds 64 bits.");
    }

    /// <summary>Reads a length; -1 means null and other negative ones are refused.</summary>
    public int ReadLength(string what)
    {
        var length = ReadVarint();
        return length >= -1 && length <= Remaining
            ? length
            : throw new WireFormatException($"The {what} of a record has length {length}, but {Remaining} bytes remain.");
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
            throw new WireFormatException($"A record needs {count} bytes, but {Remaining} remain.");
        var taken = _data.Slice(_position, count);
        _position += count;
        return taken;
    }
}
