using System;

namespace Reference.Wire.Records;

/// <summary>A view of one record over borrowed bytes.</summary>
public readonly ref struct Record
{
    internal Record(long offset, long timestamp, ReadOnlySpan<byte> key, bool hasKey, ReadOnlySpan<byte> value, bool hasValue, RecordHeaders headers)
    {
        Offset = offset;
        Timestamp = timestamp;
        Key = key;
        HasKey = hasKey;
        Value = value;
        HasValue = hasValue;
        Headers = headers;
    }

    /// <summary>Absolute offset.</summary>
    public long Offset { get; }

    /// <summary>Timestamp in milliseconds.</summary>
    public long Timestamp { get; }

    /// <summary>Key; empty when <see cref="HasKey"/> is false.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>False for a null key.</summary>
    public bool HasKey { get; }

    /// <summary>Value; empty when <see cref="HasValue"/> is false.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>False for a null value: a tombstone.</summary>
    public bool HasValue { get; }

    /// <summary>Headers: <c>foreach (var header in record.Headers)</c>.</summary>
    public RecordHeaders Headers { get; }
}

/// <summary>A view of one header.</summary>
public readonly ref struct RecordHeaderView
{
    internal RecordHeaderView(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool hasValue)
    {
        Key = key;
        Value = value;
        HasValue = hasValue;
    }

    /// <summary>Name in UTF-8.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>Content; empty when <see cref="HasValue"/> is false.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>False for a null value.</summary>
    public bool HasValue { get; }
}

/// <summary>The headers of a record, read while iterating; their bytes were checked when the record was.</summary>
public ref struct RecordHeaders
{
    private VarintReader _reader;
    private int _left;

    internal RecordHeaders(ReadOnlySpan<byte> data, int count)
    {
        _reader = new VarintReader(data);
        _left = count;
        Count = count;
    }

    /// <summary>Number of headers.</summary>
    public int Count { get; }

    /// <summary>The header under the cursor.</summary>
    public RecordHeaderView Current { readonly get; private set; }

    /// <summary>The iterator itself.</summary>
    public readonly RecordHeaders GetEnumerator() => this;

    /// <summary>Goes to the next header.</summary>
    /// <exception cref="WireFormatException">The bytes are not headers.</exception>
    public bool MoveNext()
    {
        if (_left == 0)
            return false;
        _left--;
        Current = Read(ref _reader);
        return true;
    }

    internal static RecordHeaderView Read(scoped ref VarintReader reader)
    {
        var keyLength = reader.ReadLength("header name");
        if (keyLength < 0)
            throw new WireFormatException("A header of a record has no name.");
        var key = reader.Take(keyLength);
        var valueLength = reader.ReadLength("header value");
        return new RecordHeaderView(key, reader.Take(Math.Max(valueLength, 0)), valueLength >= 0);
    }
}
