using System;
using System.Buffers.Binary;

namespace Reference.Wire.Records.Legacy;

/// <summary>Iterates the entries of a message set without decompressing: <c>foreach (var message in new MessageSet(bytes))</c>.</summary>
/// <param name="buffer">Entries one after another.</param>
public ref struct MessageSet(ReadOnlySpan<byte> buffer)
{
    private ReadOnlySpan<byte> _rest = buffer;

    /// <summary>The entry under the cursor.</summary>
    public LegacyMessage Current { readonly get; private set; }

    /// <summary>The iterator itself.</summary>
    public readonly MessageSet GetEnumerator() => this;

    /// <summary>Goes to the next entry.</summary>
    /// <exception cref="WireFormatException">The bytes are not whole messages of magic 0 or 1.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        if (_rest.Length < LegacyMessage.EntryOverhead)
            throw new WireFormatException($"A message set ends with {_rest.Length} bytes, fewer than an entry needs.");
        var offset = BinaryPrimitives.ReadInt64BigEndian(_rest);
        var size = BinaryPrimitives.ReadInt32BigEndian(_rest[sizeof(long)..]);
        _rest = _rest[LegacyMessage.EntryOverhead..];
        if (size < 0 || size > _rest.Length)
            throw new WireFormatException($"A message claims {size} bytes, but {_rest.Length} remain.");
        Current = new LegacyMessage(offset, _rest[..size]);
        _rest = _rest[size..];
        return true;
    }
}
