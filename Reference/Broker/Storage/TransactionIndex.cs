using System.Buffers.Binary;
using System.Collections.Generic;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>A transaction that was aborted, as far as one partition saw it.</summary>
/// <param name="ProducerId">Whose transaction.</param>
/// <param name="FirstOffset">Offset of its first record.</param>
/// <param name="LastOffset">Offset of its abort marker.</param>
/// <param name="LastStableOffset">First offset of the earliest other transaction that was open then; else the offset after the marker.</param>
public readonly record struct AbortedTransaction(long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset);

/// <summary>
/// The transaction index of a segment (KIP-98): for each abort marker in it an entry of 34 bytes, big-endian: 2-byte version 0,
/// producer id, first offset, last offset and last stable offset of 8 bytes each. The file exists only if there are entries.
/// </summary>
public sealed class TransactionIndex(IDisk disk, string path)
{
    /// <summary>Bytes of an entry.</summary>
    public const int EntrySize = 34;

    private const short Version = 0;

    private readonly IndexFile _file = new(disk, path, EntrySize, absentWhenEmpty: true);

    /// <summary>The file behind it.</summary>
    internal IndexFile File => _file;

    /// <summary>Number of entries.</summary>
    public int Count => _file.Count;

    /// <summary>An entry.</summary>
    public AbortedTransaction this[int index] => new(
        BinaryPrimitives.ReadInt64BigEndian(_file[index][2..]),
        BinaryPrimitives.ReadInt64BigEndian(_file[index][10..]),
        BinaryPrimitives.ReadInt64BigEndian(_file[index][18..]),
        BinaryPrimitives.ReadInt64BigEndian(_file[index][26..]));

    /// <summary>Adds an entry; its last offset must be above those before.</summary>
    public void Append(AbortedTransaction aborted)
    {
        var entry = _file.Append();
        BinaryPrimitives.WriteInt16BigEndian(entry, Version);
        BinaryPrimitives.WriteInt64BigEndian(entry[2..], aborted.ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(entry[10..], aborted.FirstOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[18..], aborted.LastOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], aborted.LastStableOffset);
    }

    /// <summary>Adds to <paramref name="found"/> the transactions that touch the offsets from <paramref name="from"/> up to, not including, <paramref name="upperBound"/>.</summary>
    /// <returns>True if later segments cannot hold more of them.</returns>
    public bool Collect(long from, long upperBound, List<AbortedTransaction> found)
    {
        for (var i = 0; i < Count; i++)
        {
            var aborted = this[i];
            if (aborted.LastOffset >= from && aborted.FirstOffset < upperBound) found.Add(aborted);
            if (aborted.LastStableOffset >= upperBound) return true;
        }

        return false;
    }

    /// <summary>Drops the entries of markers at <paramref name="nextOffset"/> or later.</summary>
    public void TruncateTo(long nextOffset)
    {
        var count = Count;
        while (count > 0 && this[count - 1].LastOffset >= nextOffset) count--;
        _file.TruncateTo(count);
    }

    /// <summary>What no writer could have written, as one sentence; null if all looks right.</summary>
    public string? Implausible(long baseOffset, long nextOffset)
    {
        for (var i = 0; i < Count; i++)
        {
            var version = BinaryPrimitives.ReadInt16BigEndian(_file[i]);
            var (producer, first, last, stable) = this[i];
            if (version != Version) return $"Entry {i} has version {version}.";
            if (producer < 0 || first < 0 || first > last || last < baseOffset || last >= nextOffset || stable < 0) return $"Entry {i} ({producer}, {first}, {last}, {stable}) lies outside the segment.";
            if (i > 0 && last <= this[i - 1].LastOffset) return $"Entry {i} ends at {last}, not behind the one before.";
        }

        return null;
    }
}
