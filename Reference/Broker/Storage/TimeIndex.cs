using System.Buffers.Binary;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>
/// The time index: entries of an 8-byte timestamp, the greatest up to a point of the segment, and the 4-byte relative offset of
/// the batch that holds it (KIP-33), both big-endian; timestamps increase.
/// </summary>
internal sealed class TimeIndex(IDisk disk, string path, long baseOffset)
{
    /// <summary>Bytes of an entry.</summary>
    public const int EntrySize = 12;

    private readonly IndexFile _file = new(disk, path, EntrySize);

    /// <summary>The file behind it.</summary>
    public IndexFile File => _file;

    /// <summary>Number of entries.</summary>
    public int Count => _file.Count;

    /// <summary>The greatest timestamp and its offset; (-1, base offset) if there is none.</summary>
    public (long Timestamp, long Offset) Last => Count == 0 ? (-1, baseOffset) : (TimestampAt(Count - 1), OffsetAt(Count - 1));

    /// <summary>Adds an entry if its timestamp is greater than the last one's and 4 bytes can tell its offset from the base.</summary>
    public void MaybeAppend(long timestamp, long offset)
    {
        if (timestamp < 0 || timestamp <= Last.Timestamp || offset - baseOffset > int.MaxValue) return;
        var entry = _file.Append();
        BinaryPrimitives.WriteInt64BigEndian(entry, timestamp);
        BinaryPrimitives.WriteInt32BigEndian(entry[8..], (int)(offset - baseOffset));
    }

    /// <summary>The offset up to which all timestamps are at most <paramref name="timestamp"/>'s floor entry: scanning begins there.</summary>
    public long Lookup(long timestamp)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (TimestampAt(middle) < timestamp) low = middle + 1;
            else high = middle;
        }

        return low == 0 ? baseOffset : OffsetAt(low - 1);
    }

    /// <summary>Drops the entries of batches that end at <paramref name="nextOffset"/> or later.</summary>
    public void TruncateTo(long nextOffset)
    {
        var count = Count;
        while (count > 0 && OffsetAt(count - 1) >= nextOffset) count--;
        _file.TruncateTo(count);
    }

    /// <summary>What no writer could have written, as one sentence; null if all looks right.</summary>
    public string? Implausible()
    {
        for (var i = 0; i < Count; i++)
        {
            if (TimestampAt(i) < 0 || OffsetAt(i) < baseOffset) return $"Entry {i} ({TimestampAt(i)}, {OffsetAt(i)}) lies outside the segment.";
            if (i > 0 && (TimestampAt(i) <= TimestampAt(i - 1) || OffsetAt(i) <= OffsetAt(i - 1))) return $"Entry {i} ({TimestampAt(i)}, {OffsetAt(i)}) does not increase.";
        }

        return null;
    }

    private long TimestampAt(int index) => BinaryPrimitives.ReadInt64BigEndian(_file[index]);

    private long OffsetAt(int index) => baseOffset + BinaryPrimitives.ReadInt32BigEndian(_file[index][8..]);
}
