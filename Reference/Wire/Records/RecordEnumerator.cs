using System;

namespace Reference.Wire.Records;

/// <summary>
/// Iterates the uncompressed records of one batch: <c>foreach (var record in batch.Records())</c>. Reads as many as
/// the header counts, and demands that they fill the bytes exactly.
/// </summary>
public ref struct RecordEnumerator
{
    private readonly long _baseOffset;
    private readonly long _baseTimestamp;
    private readonly long? _appendTime;
    private VarintReader _reader;
    private int _left;

    internal RecordEnumerator(ReadOnlySpan<byte> data, int count, long baseOffset, long baseTimestamp, long? appendTime)
    {
        _reader = new VarintReader(data);
        _left = count;
        _baseOffset = baseOffset;
        _baseTimestamp = baseTimestamp;
        _appendTime = appendTime;
        OffsetDelta = -1;
    }

    /// <summary>The record under the cursor.</summary>
    public Record Current { readonly get; private set; }

    /// <summary>Offset of the current record relative to the batch.</summary>
    public int OffsetDelta { readonly get; private set; }

    /// <summary>The iterator itself.</summary>
    public readonly RecordEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next record.</summary>
    /// <exception cref="WireFormatException">The bytes are not such records.</exception>
    public bool MoveNext()
    {
        if (_left <= 0)
        {
            return _left == 0 && _reader.Remaining == 0
                ? false
                : throw new WireFormatException($"{_reader.Remaining} bytes follow the last record of a batch.");
        }

        _left--;
        var length = _reader.ReadVarint();
        if (length < 0)
            throw new WireFormatException($"A record has the negative length {length}.");
        Current = ReadRecord(new VarintReader(_reader.Take(length)));
        return true;
    }

    private Record ReadRecord(VarintReader reader)
    {
        reader.ReadByte(); // attributes: none are defined
        var timestampDelta = reader.ReadVarlong();
        OffsetDelta = reader.ReadVarint();
        var keyLength = reader.ReadLength("key");
        var key = reader.Take(Math.Max(keyLength, 0));
        var valueLength = reader.ReadLength("value");
        var value = reader.Take(Math.Max(valueLength, 0));
        var headers = ReadHeaders(ref reader);
        if (reader.Remaining != 0)
            throw new WireFormatException($"{reader.Remaining} bytes follow the headers of a record.");
        return new Record(
            _baseOffset + OffsetDelta,
            _appendTime ?? unchecked(_baseTimestamp + timestampDelta),
            key,
            keyLength >= 0,
            value,
            valueLength >= 0,
            headers);
    }

    private static RecordHeaders ReadHeaders(scoped ref VarintReader reader)
    {
        var count = reader.ReadVarint();
        if (count < 0 || count > reader.Remaining)
            throw new WireFormatException($"A record claims {count} headers, but {reader.Remaining} bytes remain.");
        var rest = reader; // a copy remembers where the headers begin
        for (var i = 0; i < count; i++)
            RecordHeaders.Read(ref reader);
        return new RecordHeaders(rest.Take(reader.Position - rest.Position), count);
    }
}
