using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Reference.Wire.Records.Legacy;

/// <summary>
/// Producers of magic 0 computed the checksum of the LZ4 frame header over the frame's magic number too, which no
/// LZ4 library accepts (KIP-57). The right checksum is put in its place before decompression.
/// </summary>
internal static class Lz4Magic0
{
    private const int DescriptorAt = 4;
    private const int ContentSizeFlag = 0x08;
    private const uint Prime1 = 2654435761;
    private const uint Prime2 = 2246822519;
    private const uint Prime3 = 3266489917;
    private const uint Prime4 = 668265263;
    private const uint Prime5 = 374761393;

    /// <summary>A copy of the frame with the right header checksum.</summary>
    public static byte[] Repair(ReadOnlySpan<byte> frame)
    {
        var copy = frame.ToArray();
        if (copy.Length <= DescriptorAt + 2)
            return copy;
        var descriptorSize = 2 + ((copy[DescriptorAt] & ContentSizeFlag) != 0 ? sizeof(ulong) : 0);
        if (copy.Length > DescriptorAt + descriptorSize)
            copy[DescriptorAt + descriptorSize] = (byte)(Hash(copy.AsSpan(DescriptorAt, descriptorSize)) >> 8);
        return copy;
    }

    /// <summary>xxHash32 with seed 0 of fewer than 16 bytes: all that a frame descriptor needs.</summary>
    internal static uint Hash(ReadOnlySpan<byte> data)
    {
        unchecked
        {
            var hash = Prime5 + (uint)data.Length;
            for (; data.Length >= sizeof(uint); data = data[sizeof(uint)..])
                hash = BitOperations.RotateLeft(hash + (BinaryPrimitives.ReadUInt32LittleEndian(data) * Prime3), 17) * Prime4;
            foreach (var value in data)
                hash = BitOperations.RotateLeft(hash + (value * Prime5), 11) * Prime1;
            hash = (hash ^ (hash >> 15)) * Prime2;
            hash = (hash ^ (hash >> 13)) * Prime3;
            return hash ^ (hash >> 16);
        }
    }
}
