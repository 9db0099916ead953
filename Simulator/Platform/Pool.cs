using System;

namespace Simulator.Platform;

/// <summary>Objects of one thread to be used again, the last one first. What is taken stays referenced: mostly it comes back to the same place, and then nothing is written.</summary>
internal sealed class Pool<T>
    where T : class
{
    private T?[] _items = new T?[16];
    private int _count;

    /// <summary>One to be used again, or null.</summary>
    public T? Take()
    {
        var index = _count - 1;
        var items = _items;
        if ((uint)index >= (uint)items.Length) return null;
        _count = index;
        return items[index];
    }

    /// <summary>Gives one back.</summary>
    public void Give(T item)
    {
        var index = _count;
        var items = _items;
        _count = index + 1;
        if ((uint)index >= (uint)items.Length) Array.Resize(ref _items, items.Length * 2);
        if (_items[index] != item) _items[index] = item;
    }
}
