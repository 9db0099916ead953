using System;

namespace Reference.Wire.Compression;

/// <summary>One compression format, as Kafka's clients frame it.</summary>
public interface ICompressionCodec
{
    /// <summary>Format.</summary>
    CompressionType Type { get; }

    /// <summary>Compresses a buffer.</summary>
    /// <exception cref="CodecUnavailableException">The native library is missing.</exception>
    byte[] Compress(ReadOnlySpan<byte> data);

    /// <summary>Decompresses a buffer.</summary>
    /// <param name="data">Compressed bytes.</param>
    /// <param name="maxSize">Most bytes to produce: a small input may claim to become a huge output.</param>
    /// <exception cref="WireFormatException">The bytes are corrupt or exceed <paramref name="maxSize"/>.</exception>
    /// <exception cref="CodecUnavailableException">The native library is missing.</exception>
    byte[] Decompress(ReadOnlySpan<byte> data, int maxSize);
}
