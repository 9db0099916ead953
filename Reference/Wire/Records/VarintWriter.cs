using System;

namespace Reference.Wire.Records;

/// <summary>Writes zigzag varints; sizes come from <see cref="WireSize"/>.</summary>
internal static class VarintWriter
{
    /// <summary>Writes a value and returns the number of bytes.</summary>
    public static int Write(Span<byte> destination, long value)
    {
        var raw = unchecked((ulong)((value << 1) ^ (value >> 63)));
        var count = 0;
        while (raw >= 0x80)
        {
            destination[count++] = unchecked((byte)(raw | 0x80));
            raw >>= 7;
        }

        destination[count++] = (byte)raw;
        return count;
    }
}
