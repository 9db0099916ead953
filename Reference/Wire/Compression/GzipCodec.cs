using System;
using System.Buffers;
using System.IO;
using System.IO.Compression;

namespace Reference.Wire.Compression;

/// <summary>Gzip of the base class library.</summary>
internal sealed class GzipCodec : ICompressionCodec
{
    private const int ChunkBytes = 16 * 1024;

    public CompressionType Type => CompressionType.Gzip;

    public byte[] Compress(ReadOnlySpan<byte> data)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(data);
        return target.ToArray();
    }

    public byte[] Decompress(ReadOnlySpan<byte> data, int maxSize)
    {
        var target = new ArrayBufferWriter<byte>(ChunkBytes);
        try
        {
            using var gzip = new GZipStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
            while (gzip.Read(target.GetSpan(ChunkBytes)) is > 0 and var count)
            {
                target.Advance(count);
                if (target.WrittenCount > maxSize)
                    throw CompressionCodec.TooLarge(Type, maxSize);
            }
        }
        catch (InvalidDataException corrupt)
        {
            throw CompressionCodec.Corrupt(Type, corrupt);
        }

        return target.WrittenSpan.ToArray();
    }
}
