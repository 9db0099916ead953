using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Reference.Broker.Storage.Cleaning;

/// <summary>
/// The latest offset of each key of the part of a log that is being compacted: a hash table of fixed size, probed in a row. Of a key it
/// keeps 16 bytes of hash, not the key; a cryptographic hash, because two keys that met would lose records.
/// </summary>
public sealed class OffsetMap
{
    /// <summary>Bytes of an entry: hash, and offset plus one (0: free).</summary>
    public const int EntrySize = HashSize + 8;

    private const int HashSize = 16;

    private readonly byte[] _entries;
    private readonly byte[] _hash = new byte[HashSize];
    private readonly int _slots;

    /// <summary>An empty map for a number of keys.</summary>
    /// <param name="capacity">Keys that it takes.</param>
    /// <param name="loadFactor">The share of its slots that they fill, above 0 and below 1.</param>
    public OffsetMap(int capacity, double loadFactor)
    {
        Capacity = capacity;
        _slots = (int)(capacity / loadFactor) + 1;
        _entries = new byte[_slots * EntrySize];
    }

    /// <summary>Keys that it takes.</summary>
    public int Capacity { get; }

    /// <summary>Keys in it.</summary>
    public int Count { get; private set; }

    /// <summary>How many keys fit in so many bytes; no more than there are records.</summary>
    public static int CapacityOf(long bytes, double loadFactor, long records) =>
        (int)Math.Min(Math.Max(records, 1), Math.Max(0, (Math.Min(bytes, Array.MaxLength) / EntrySize) - 1) * loadFactor);

    /// <summary>Notes a key's offset, which replaces an earlier one of it; false if the key is new and the map full.</summary>
    public bool TryPut(ReadOnlySpan<byte> key, long offset)
    {
        var slot = SlotOf(key);
        var entry = _entries.AsSpan(slot * EntrySize, EntrySize);
        if (BinaryPrimitives.ReadInt64LittleEndian(entry[HashSize..]) == 0)
        {
            if (Count == Capacity) return false;
            Count++;
            _hash.CopyTo(entry);
        }

        BinaryPrimitives.WriteInt64LittleEndian(entry[HashSize..], offset + 1);
        return true;
    }

    /// <summary>A key's latest offset; -1 if it is not in the map.</summary>
    public long Find(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadInt64LittleEndian(_entries.AsSpan((SlotOf(key) * EntrySize) + HashSize)) - 1;

    /// <summary>The slot that holds a key, or the free one where it belongs; there always is one.</summary>
    private int SlotOf(ReadOnlySpan<byte> key)
    {
        MD5.HashData(key, _hash);
        var slot = (int)(BinaryPrimitives.ReadUInt64LittleEndian(_hash) % (ulong)_slots);
        while (true)
        {
            var entry = _entries.AsSpan(slot * EntrySize, EntrySize);
            if (BinaryPrimitives.ReadInt64LittleEndian(entry[HashSize..]) == 0 || entry[..HashSize].SequenceEqual(_hash)) return slot;
            slot = slot + 1 == _slots ? 0 : slot + 1;
        }
    }
}
