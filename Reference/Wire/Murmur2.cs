using System;
using System.Buffers.Binary;

namespace Reference.Wire;

/// <summary>The 32-bit MurmurHash2 with the seed of Kafka's clients: equal keys go to equal partitions in every language.</summary>
public static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;

    /// <summary>Hashes a key.</summary>
    public static int Hash(ReadOnlySpan<byte> data)
    {
        unchecked
        {
            var hash = Seed ^ (uint)data.Length;
            while (data.Length >= 4)
            {
                var word = BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
                word = (word ^ (word >> 24)) * Multiplier;
                hash = (hash * Multiplier) ^ word;
                data = data[4..];
            }

            for (var i = data.Length - 1; i >= 0; i--)
                hash ^= (uint)data[i] << (8 * i);
            if (data.Length > 0)
                hash *= Multiplier;
            hash = (hash ^ (hash >> 13)) * Multiplier;
            return (int)(hash ^ (hash >> 15));
        }
    }

    /// <summary>The partition of a key: the hash without its sign bit, modulo the number of partitions.</summary>
    public static int Partition(ReadOnlySpan<byte> key, int partitionCount) => (Hash(key) & int.MaxValue) % partitionCount;
}
