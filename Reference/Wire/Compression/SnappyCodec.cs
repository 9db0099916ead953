using System;
using System.Buffers;
using System.Buffers.Binary;
using IronSnappy;

namespace Reference.Wire.Compression;

/// <summary>
/// Snappy. Java clients wrap blocks in a framing of their own (a 16-byte header, then blocks after their lengths);
/// librdkafka may send one bare block. Both are read; the framing is written, since every client reads it.
/// </summary>
internal sealed class SnappyCodec : ICompressionCodec
{
    private const int HeaderBytes = 16;
    private const int BlockBytes = 32 * 1024;

    private static ReadOnlySpan<byte> Magic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    public CompressionType Type => CompressionType.Snappy;

    public byte[] Compress(ReadOnlySpan<byte> data)
    {
        var target = new ArrayBufferWriter<byte>(HeaderBytes + data.Length);
        target.Write(Magic);
        WriteInt32(target, 1); // version
        WriteInt32(target, 1); // least version that can read it
        while (!data.IsEmpty)
        {
            var block = Snappy.Encode(data[..Math.Min(data.Length, BlockBytes)]);
            WriteInt32(target, block.Length);
            target.Write(block);
            data = data[Math.Min(data.Length, BlockBytes)..];
        }

        return target.WrittenSpan.ToArray();
    }

    public byte[] Decompress(ReadOnlySpan<byte> data, int maxSize)
    {
        if (!data.StartsWith(Magic))
            return DecodeBlock(data, maxSize);
        if (data.Length < HeaderBytes)
            throw CompressionCodec.Corrupt(Type);
        var target = new ArrayBufferWriter<byte>(data.Length);
        data = data[HeaderBytes..];
        while (!data.IsEmpty)
        {
            var length = data.Length < 4 ? -1 : BinaryPrimitives.ReadInt32BigEndian(data);
            if (length < 0 || length > data.Length - 4)
                throw CompressionCodec.Corrupt(Type);
            target.Write(DecodeBlock(data.Slice(4, length), maxSize - target.WrittenCount));
            data = data[(4 + length)..];
        }

        return target.WrittenSpan.ToArray();
    }

    private byte[] DecodeBlock(ReadOnlySpan<byte> block, int maxSize)
    {
        var claimed = ClaimedSize(block);
        if (claimed > maxSize)
            throw CompressionCodec.TooLarge(Type, maxSize);

        // No element of the format expands its own bytes by more than 64/3; a larger claim is a lie.
        if (claimed > block.Length * 64L)
            throw CompressionCodec.Corrupt(Type);
        try
        {
            return Snappy.Decode(block);
        }
        catch (Exception corrupt) when (corrupt is not OutOfMemoryException)
        {
            throw CompressionCodec.Corrupt(Type, corrupt);
        }
    }

    /// <summary>A block begins with its decompressed size as an unsigned varint.</summary>
    private long ClaimedSize(ReadOnlySpan<byte> block)
    {
        long size = 0;
        for (var i = 0; i < Math.Min(block.Length, 5); i++)
        {
            size |= (long)(block[i] & 0x7F) << (7 * i);
            if (block[i] < 0x80)
                return size;
        }

        throw CompressionCodec.Corrupt(Type);
    }

    private static void WriteInt32(ArrayBufferWriter<byte> target, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(target.GetSpan(4), value);
        target.Advance(4);
    }
}
