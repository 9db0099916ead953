using System;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>
/// The fixed-size entries of an index: kept in memory and written when the segment is flushed, rolled
/// or closed. An index that a crash caught half-written is rebuilt from its segment, so it needs no ordering of its own.
/// </summary>
internal sealed class IndexFile(IDisk disk, string path, int entrySize, bool absentWhenEmpty = false)
{
    private byte[] _data = [];
    private int _written;
    private int _cuts;
    private bool _dirty;

    /// <summary>Path of the file.</summary>
    public string Path { get; } = path;

    /// <summary>Number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>An entry's bytes.</summary>
    public ReadOnlySpan<byte> this[int index] => _data.AsSpan(index * entrySize, entrySize);

    /// <summary>Starts anew with no entries; the file is replaced at the next <see cref="Flush"/>.</summary>
    public void Reset()
    {
        Count = 0;
        _written = 0;
        _cuts++;
        _dirty = true;
    }

    /// <summary>Room for one more entry at the end.</summary>
    public Span<byte> Append()
    {
        var end = (Count + 1) * entrySize;
        if (end > _data.Length) Array.Resize(ref _data, Math.Max(end, Math.Max(_data.Length * 2, 16 * entrySize)));
        _dirty = true;
        return _data.AsSpan(Count++ * entrySize, entrySize);
    }

    /// <summary>Keeps the first entries only.</summary>
    public void TruncateTo(int count)
    {
        if (count >= Count) return;
        Count = count;
        _written = Math.Min(_written, count);
        _cuts++;
        _dirty = true;
    }

    /// <summary>Reads the file; false if it is missing (unless an index without entries has none), has no entries (if such an index has no file) or its length is not a whole number of entries.</summary>
    public async LoopTask<bool> Load()
    {
        byte[] bytes;
        try
        {
            bytes = await disk.ReadAllBytes(Path);
        }
        catch (DiskException e) when (e.Error == DiskError.NotFound)
        {
            return absentWhenEmpty;
        }

        if (bytes.Length % entrySize != 0 || (absentWhenEmpty && bytes.Length == 0)) return false;
        _data = bytes;
        Count = bytes.Length / entrySize;
        _written = Count;
        return true;
    }

    /// <summary>Writes what is new and makes it durable.</summary>
    public async LoopTask Flush()
    {
        if (!_dirty) return;
        _dirty = false;
        if (absentWhenEmpty && Count == 0)
        {
            await disk.Delete(Path);
            return;
        }

        var cuts = _cuts;
        var count = Count;
        var from = _written;
        var bytes = _data.AsMemory(from * entrySize, (count - from) * entrySize);
        var file = await disk.Open(Path, OpenMode.OpenOrCreate);
        if (file.Length != (long)from * entrySize) await file.SetLength((long)from * entrySize);
        if (bytes.Length > 0) await file.Write((long)from * entrySize, bytes);
        await file.Sync();
        file.Close();
        if (cuts == _cuts)
        {
            _written = count;
            return;
        }

        _written = 0; // truncated while being written: the file is rewritten whole next time
        _dirty = true;
    }
}
