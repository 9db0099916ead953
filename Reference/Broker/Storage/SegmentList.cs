using System;
using System.Collections.Generic;

namespace Reference.Broker.Storage;

/// <summary>The segments of a log in the order of their base offsets; never empty once loaded.</summary>
internal sealed class SegmentList
{
    private readonly List<LogSegment> _items = [];

    public int Count => _items.Count;

    public LogSegment this[int index] => _items[index];

    /// <summary>The only segment that takes appends.</summary>
    public LogSegment Active => _items[^1];

    public LogSegment First => _items[0];

    public IReadOnlyList<LogSegment> All => _items;

    /// <summary>Bytes of all segments.</summary>
    public long SizeInBytes
    {
        get
        {
            long total = 0;
            foreach (var segment in _items) total += segment.Size;
            return total;
        }
    }

    public void Add(LogSegment segment)
    {
        if (_items.Count > 0 && segment.BaseOffset <= Active.BaseOffset)
            throw new InvalidOperationException($"A segment at {segment.BaseOffset} cannot follow the one at {Active.BaseOffset}.");
        _items.Add(segment);
    }

    public void Remove(LogSegment segment) => _items.Remove(segment);

    /// <summary>Back to the state before loading.</summary>
    public void Clear() => _items.Clear();

    /// <summary>True if these are neighbours in the list and none of them takes appends.</summary>
    public bool HasSealed(IReadOnlyList<LogSegment> segments)
    {
        var first = _items.IndexOf(segments[0]);
        if (first < 0 || first + segments.Count >= _items.Count) return false;
        for (var i = 0; i < segments.Count; i++)
        {
            if (_items[first + i] != segments[i]) return false;
        }

        return true;
    }

    /// <summary>Puts one segment in the place of neighbours.</summary>
    public void Replace(IReadOnlyList<LogSegment> old, LogSegment replacement)
    {
        var first = _items.IndexOf(old[0]);
        _items.RemoveRange(first, old.Count);
        _items.Insert(first, replacement);
    }

    /// <summary>Index of the last segment whose base offset is not above <paramref name="offset"/>; -1 if there is none.</summary>
    public int FloorIndex(long offset)
    {
        var low = 0;
        var high = _items.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_items[middle].BaseOffset <= offset) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    /// <summary>The segment after that one, found by its base offset because the list may have changed; null if there is none.</summary>
    public LogSegment? After(LogSegment segment)
    {
        var index = FloorIndex(segment.BaseOffset) + 1;
        return index < _items.Count ? _items[index] : null;
    }
}
