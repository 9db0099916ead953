using System;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Reference.Wire.Records.Legacy;

/// <summary>CRC-32 of IEEE 802.3, the checksum of messages before record batches.</summary>
public static class Crc32
{
    private const uint ReversedPolynomial = 0xEDB88320;

    private static readonly ImmutableArray<uint> s_table = BuildTable();

    /// <summary>Checksum of a buffer.</summary>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = (crc >> 8) ^ s_table[(byte)(crc ^ value)];
        return ~crc;
    }

    private static ImmutableArray<uint> BuildTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var entry = i;
            for (var bit = 0; bit < 8; bit++)
                entry = (entry & 1) != 0 ? (entry >> 1) ^ ReversedPolynomial : entry >> 1;
            table[i] = entry;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(table);
    }
}
