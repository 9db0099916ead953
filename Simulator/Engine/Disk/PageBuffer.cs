using System;

namespace Simulator.Engine.Disk;

/// <summary>A growing run of bytes: what a file reads back as now.</summary>
internal sealed class PageBuffer
{
    private byte[] _bytes = [];

    public long Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, (int)Length);

    public int Read(long position, Span<byte> target)
    {
        if (position >= Length) return 0;
        var count = (int)Math.Min(target.Length, Length - position);
        _bytes.AsSpan((int)position, count).CopyTo(target);
        return count;
    }

    public void Write(long position, ReadOnlySpan<byte> data)
    {
        var end = position + data.Length;
        if (end > Length) SetLength(end);
        data.CopyTo(_bytes.AsSpan((int)position));
    }

    public void SetLength(long length)
    {
        if (length > Array.MaxLength) throw new InvalidOperationException("A simulated file holds at most 2 GiB.");
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(length, _bytes.Length * 2L)));
        }

        if (length < Length) _bytes.AsSpan((int)length, (int)(Length - length)).Clear();
        Length = length;
    }

    public byte[] Copy(long position, long count)
    {
        var there = Math.Min(count, Length - position);
        if (there <= 0) return [];
        var copy = new byte[there];
        Read(position, copy);
        return copy;
    }
}
