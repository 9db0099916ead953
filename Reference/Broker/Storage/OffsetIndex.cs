using System.Buffers.Binary;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>
/// The sparse offset index: entries of a 4-byte offset relative to the segment's base and the 4-byte position of the batch that
/// holds it, both big-endian and increasing.
/// </summary>
internal sealed class OffsetIndex(IDisk disk, string path, long baseOffset)
{
    /// <summary>Bytes of an entry.</summary>
    public const int EntrySize = 8;

    private readonly IndexFile _file = new(disk, path, EntrySize);

    /// <summary>The file behind it.</summary>
    public IndexFile File => _file;

    /// <summary>Number of entries.</summary>
    public int Count => _file.Count;

    /// <summary>Position of the last entry's batch; 0 if there is none.</summary>
    public int LastPosition => Count == 0 ? 0 : PositionAt(Count - 1);

    /// <summary>Adds the last offset of the batch at a position; an entry that would not increase, or whose offset 4 bytes cannot tell from the base (old compactions left such segments), is left out: reading then scans.</summary>
    public void Append(long offset, int position)
    {
        if (offset - baseOffset > int.MaxValue) return;
        var relative = (int)(offset - baseOffset);
        if (Count > 0 && relative <= RelativeAt(Count - 1)) return;
        var entry = _file.Append();
        BinaryPrimitives.WriteInt32BigEndian(entry, relative);
        BinaryPrimitives.WriteInt32BigEndian(entry[4..], position);
    }

    /// <summary>Where to begin scanning for an offset.</summary>
    public int Lookup(long offset)
    {
        var index = Floor(offset);
        return index < 0 ? 0 : PositionAt(index);
    }

    /// <summary>Drops the entries of batches from a position of the segment on.</summary>
    public void TruncateToPosition(int position)
    {
        var count = Count;
        while (count > 0 && PositionAt(count - 1) >= position) count--;
        _file.TruncateTo(count);
    }

    /// <summary>What no writer could have written, as one sentence; null if all looks right.</summary>
    public string? Implausible(int segmentSize)
    {
        for (var i = 0; i < Count; i++)
        {
            var (relative, position) = (RelativeAt(i), PositionAt(i));
            if (relative < 0 || position < 0 || position >= segmentSize) return $"Entry {i} ({relative}, {position}) lies outside the segment of {segmentSize} bytes.";
            if (i > 0 && (relative <= RelativeAt(i - 1) || position <= PositionAt(i - 1))) return $"Entry {i} ({relative}, {position}) does not increase.";
        }

        return null;
    }

    private int Floor(long offset)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (baseOffset + RelativeAt(middle) <= offset) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    private int RelativeAt(int index) => BinaryPrimitives.ReadInt32BigEndian(_file[index]);

    private int PositionAt(int index) => BinaryPrimitives.ReadInt32BigEndian(_file[index][4..]);
}
