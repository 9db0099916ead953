using System;
using System.Buffers;
using System.Runtime.InteropServices;

namespace Reference.Wire.Compression;

/// <summary>LZ4 frames through the system's liblz4. Blocks are independent, since Java clients read no others.</summary>
internal sealed unsafe partial class Lz4Codec : ICompressionCodec
{
    private const string Library = "liblz4.so.1";
    private const string Package = "liblz4-1";
    private const uint FrameVersion = 100;
    private const int ChunkBytes = 64 * 1024;

    public CompressionType Type => CompressionType.Lz4;

    public byte[] Compress(ReadOnlySpan<byte> data)
    {
        try
        {
            var preferences = new Preferences { BlockMode = 1 };
            var target = new byte[checked((int)CompressFrameBound((nuint)data.Length, &preferences))];
            fixed (byte* source = data, destination = target)
            {
                var size = CompressFrame(destination, (nuint)target.Length, source, (nuint)data.Length, &preferences);
                return IsError(size) == 0
                    ? target[..(int)size]
                    : throw new InvalidOperationException("liblz4 could not compress into a buffer of its own bound.");
            }
        }
        catch (DllNotFoundException missing)
        {
            throw new CodecUnavailableException(Type, Library, Package, missing);
        }
    }

    public byte[] Decompress(ReadOnlySpan<byte> data, int maxSize)
    {
        try
        {
            if (IsError(CreateDecompressionContext(out var context, FrameVersion)) != 0)
                throw new OutOfMemoryException("liblz4 could not allocate a context.");
            try
            {
                return Decompress(context, data, maxSize);
            }
            finally
            {
                _ = FreeDecompressionContext(context);
            }
        }
        catch (DllNotFoundException missing)
        {
            throw new CodecUnavailableException(Type, Library, Package, missing);
        }
    }

    private byte[] Decompress(nint context, ReadOnlySpan<byte> data, int maxSize)
    {
        var target = new ArrayBufferWriter<byte>(ChunkBytes);
        nuint hint = 1;
        while (!data.IsEmpty || hint != 0)
        {
            var produced = (nuint)ChunkBytes;
            var consumed = (nuint)data.Length;
            fixed (byte* source = data, destination = target.GetSpan(ChunkBytes))
                hint = DecompressChunk(context, destination, ref produced, source, ref consumed, 0);
            if (IsError(hint) != 0 || (consumed == 0 && produced == 0))
                throw CompressionCodec.Corrupt(Type);
            target.Advance((int)produced);
            if (target.WrittenCount > maxSize)
                throw CompressionCodec.TooLarge(Type, maxSize);
            data = data[(int)consumed..];
        }

        return target.WrittenSpan.ToArray();
    }

    /// <summary>LZ4F_preferences_t of lz4frame.h; zero means the library's default.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Preferences
    {
        public uint BlockSizeId;
        public uint BlockMode;
        public uint ContentChecksum;
        public uint FrameType;
        public ulong ContentSize;
        public uint DictionaryId;
        public uint BlockChecksum;
        public int CompressionLevel;
        public uint AutoFlush;
        public uint FavorDecompressionSpeed;
        public uint Reserved0;
        public uint Reserved1;
        public uint Reserved2;
    }

    [LibraryImport(Library, EntryPoint = "LZ4F_isError")]
    private static partial uint IsError(nuint code);

    [LibraryImport(Library, EntryPoint = "LZ4F_compressFrameBound")]
    private static partial nuint CompressFrameBound(nuint size, Preferences* preferences);

    [LibraryImport(Library, EntryPoint = "LZ4F_compressFrame")]
    private static partial nuint CompressFrame(byte* target, nuint capacity, byte* source, nuint size, Preferences* preferences);

    [LibraryImport(Library, EntryPoint = "LZ4F_createDecompressionContext")]
    private static partial nuint CreateDecompressionContext(out nint context, uint version);

    [LibraryImport(Library, EntryPoint = "LZ4F_freeDecompressionContext")]
    private static partial nuint FreeDecompressionContext(nint context);

    [LibraryImport(Library, EntryPoint = "LZ4F_decompress")]
    private static partial nuint DecompressChunk(nint context, byte* target, ref nuint targetSize, byte* source, ref nuint sourceSize, nint options);
}
