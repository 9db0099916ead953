using System.Collections.Generic;
using System.IO;

namespace Simulator.Engine.Timelines.Export;

/// <summary>
/// Columns of whole numbers in the coding of the page: each number as zigzag LEB128, of ascending columns the difference to the one
/// before. Small numbers take a byte, and what repeats compresses well.
/// </summary>
internal sealed class ColumnWriter
{
    private readonly MemoryStream _bytes = new();
    private readonly List<ColumnHeader> _headers = [];

    /// <summary>Name, count, length and coding of each column, in order.</summary>
    public IReadOnlyList<ColumnHeader> Headers => _headers;

    /// <summary>All columns, one behind the other.</summary>
    public MemoryStream Bytes => _bytes;

    /// <summary>Adds a column.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">Its values.</param>
    /// <param name="isDelta">Whether differences are written.</param>
    public void Add(string name, IEnumerable<long> values, bool isDelta = false)
    {
        var start = _bytes.Length;
        var before = 0L;
        var count = 0;
        foreach (var value in values)
        {
            Write(value - before);
            if (isDelta) before = value;
            count++;
        }

        _headers.Add(new ColumnHeader(name, count, _bytes.Length - start, isDelta));
    }

    private void Write(long value)
    {
        var rest = ((ulong)value << 1) ^ (ulong)(value >> 63);
        while (rest >= 0x80)
        {
            _bytes.WriteByte((byte)(rest | 0x80));
            rest >>= 7;
        }

        _bytes.WriteByte((byte)rest);
    }
}

/// <summary>What a reader must know of a column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">Number of values.</param>
/// <param name="Bytes">Length.</param>
/// <param name="IsDelta">Whether each value is the difference to the one before.</param>
internal sealed record ColumnHeader(string Name, int Count, long Bytes, bool IsDelta);
