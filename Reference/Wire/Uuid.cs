using System;
using System.Buffers.Binary;

namespace Reference.Wire;

/// <summary>A topic id: 16 bytes, most significant first (KIP-516). Unlike <see cref="Guid"/> its text order is its byte order.</summary>
/// <param name="High">First eight bytes.</param>
/// <param name="Low">Last eight bytes.</param>
public readonly record struct Uuid(ulong High, ulong Low) : IComparable<Uuid>
{
    /// <summary>Bytes on the wire.</summary>
    public const int ByteCount = 16;

    /// <summary>The absent id.</summary>
    public static Uuid Zero => default;

    /// <summary>Reads 16 bytes.</summary>
    public static Uuid FromBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Writes 16 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <summary>Parses the 22 characters of <see cref="ToString"/>.</summary>
    /// <exception cref="FormatException">The text is not such an id.</exception>
    public static Uuid Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[ByteCount];
        var padded = text.Replace('-', '+').Replace('_', '/') + "==";
        return text.Length == 22 && Convert.TryFromBase64String(padded, bytes, out var written) && written == ByteCount
            ? FromBytes(bytes)
            : throw new FormatException($"\"{text}\" is not a topic id of 22 URL-safe base64 characters.");
    }

    /// <inheritdoc/>
    public int CompareTo(Uuid other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>The same number in every process (record structs of primitives would be too, but nothing promises it).</summary>
    public override int GetHashCode() => unchecked((int)(High ^ (High >> 32) ^ (Low * 31) ^ (Low >> 32)));

    /// <summary>Kafka's text: 22 characters of URL-safe base64.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[ByteCount];
        CopyTo(bytes);
        return Convert.ToBase64String(bytes)[..22].Replace('+', '-').Replace('/', '_');
    }
}
