using System;

namespace Reference.Broker.Storage;

/// <summary>
/// Remembers where the last batches of a segment stand, so that readers at the tail (followers, consumers that keep up) find
/// their position without touching the disk.
/// </summary>
internal sealed class TailPositions
{
    private const int Capacity = 512;

    private BatchPosition[] _ring = new BatchPosition[16];
    private int _first;

    /// <summary>Batches remembered.</summary>
    public int Count { get; private set; }

    /// <summary>Remembers the batch appended last, forgetting the oldest when full.</summary>
    public void Add(BatchPosition batch)
    {
        if (Count == _ring.Length && Count < Capacity) Grow();
        if (Count == _ring.Length)
        {
            _ring[_first] = batch;
            _first = (_first + 1) % _ring.Length;
            return;
        }

        _ring[(_first + Count) % _ring.Length] = batch;
        Count++;
    }

    /// <summary>The first batch whose last offset is not below <paramref name="offset"/>; false if that batch may be an older one.</summary>
    public bool TryFind(long offset, out BatchPosition found)
    {
        found = default;
        if (Count == 0 || (offset < At(0).BaseOffset && At(0).Position > 0)) return false;
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).LastOffset >= offset) high = middle;
            else low = middle + 1;
        }

        if (low == Count) return false;
        found = At(low);
        return true;
    }

    /// <summary>Forgets the batches from a position of the file on.</summary>
    public void TruncateTo(int position)
    {
        while (Count > 0 && At(Count - 1).Position >= position) Count--;
    }

    private BatchPosition At(int index) => _ring[(_first + index) % _ring.Length];

    private void Grow()
    {
        var larger = new BatchPosition[Math.Min(_ring.Length * 2, Capacity)];
        for (var i = 0; i < Count; i++) larger[i] = At(i);
        _ring = larger;
        _first = 0;
    }
}
