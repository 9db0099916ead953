namespace Reference.Wire;

/// <summary>Compression of a batch's records: the low three bits of its attributes.</summary>
public enum CompressionType : byte
{
    /// <summary>Records as they are.</summary>
    None = 0,

    /// <summary>RFC 1952.</summary>
    Gzip = 1,

    /// <summary>Snappy, raw or in the framing of Java clients.</summary>
    Snappy = 2,

    /// <summary>LZ4 frames; with magic 0 their header checksum is computed wrongly by convention.</summary>
    Lz4 = 3,

    /// <summary>RFC 8878 (KIP-110); only in record batches v2.</summary>
    Zstd = 4,
}
