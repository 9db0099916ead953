using System;

namespace Reference.Wire.Compression;

/// <summary>The codecs by type.</summary>
public static class CompressionCodec
{
    /// <summary>Most bytes that one batch may decompress to.</summary>
    public const int MaxDecompressedBytes = 128 * 1024 * 1024;

    private static readonly ICompressionCodec s_gzip = new GzipCodec();
    private static readonly ICompressionCodec s_snappy = new SnappyCodec();
    private static readonly ICompressionCodec s_lz4 = new Lz4Codec();
    private static readonly ICompressionCodec s_zstd = new ZstdCodec();

    /// <summary>The codec of a compression.</summary>
    /// <exception cref="WireFormatException">No such compression, or none at all.</exception>
    public static ICompressionCodec For(CompressionType type) => type switch
    {
        CompressionType.Gzip => s_gzip,
        CompressionType.Snappy => s_snappy,
        CompressionType.Lz4 => s_lz4,
        CompressionType.Zstd => s_zstd,
        _ => throw new WireFormatException($"There is no codec for compression {(int)type}."),
    };

    /// <summary>Decompresses with the usual bound.</summary>
    /// <exception cref="WireFormatException">The bytes are corrupt or too many.</exception>
    /// <exception cref="CodecUnavailableException">The native library is missing.</exception>
    public static byte[] Decompress(CompressionType type, ReadOnlySpan<byte> data) => For(type).Decompress(data, MaxDecompressedBytes);

    internal static WireFormatException Corrupt(CompressionType type, Exception? inner = null) =>
        new($"The {type} data of a record batch is corrupt.", inner);

    internal static WireFormatException TooLarge(CompressionType type, int maxSize) =>
        new($"The {type} data of a record batch exceeds {maxSize} bytes when decompressed.");
}
