using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Reference.Wire.Records;

/// <summary>
/// CRC-32C (Castagnoli), the checksum of record batches. <see cref="BitOperations"/> uses the processor's instruction
/// where there is one and gives the same values where there is none.
/// </summary>
public static class Crc32C
{
    /// <summary>Checksum of a buffer.</summary>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
