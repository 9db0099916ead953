using System;
using System.Buffers;
using System.Runtime.InteropServices;

namespace Reference.Wire.Compression;

/// <summary>Zstandard through the system's libzstd. Frames may lack their size, so reading streams.</summary>
internal sealed unsafe partial class ZstdCodec : ICompressionCodec
{
    private const string Library = "libzstd.so.1";
    private const string Package = "libzstd1";
    private const int DefaultLevel = 3;
    private const int ChunkBytes = 64 * 1024;

    public CompressionType Type => CompressionType.Zstd;

    public byte[] Compress(ReadOnlySpan<byte> data)
    {
        try
        {
            var target = new byte[checked((int)CompressBound((nuint)data.Length))];
            fixed (byte* source = data, destination = target)
            {
                var size = CompressAll(destination, (nuint)target.Length, source, (nuint)data.Length, DefaultLevel);
                return IsError(size) == 0
                    ? target[..(int)size]
                    : throw new InvalidOperationException("libzstd could not compress into a buffer of its own bound.");
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
            var stream = CreateStream();
            if (stream == 0)
                throw new OutOfMemoryException("libzstd could not allocate a stream.");
            try
            {
                return Decompress(stream, data, maxSize);
            }
            finally
            {
                _ = FreeStream(stream);
            }
        }
        catch (DllNotFoundException missing)
        {
            throw new CodecUnavailableException(Type, Library, Package, missing);
        }
    }

    private byte[] Decompress(nint stream, ReadOnlySpan<byte> data, int maxSize)
    {
        var target = new ArrayBufferWriter<byte>(ChunkBytes);
        fixed (byte* source = data)
        {
            var input = new StreamBuffer { Data = source, Size = (nuint)data.Length };
            nuint hint = 1;
            while (input.Position < input.Size || hint != 0)
            {
                var before = input.Position;
                fixed (byte* destination = target.GetSpan(ChunkBytes))
                {
                    var output = new StreamBuffer { Data = destination, Size = ChunkBytes };
                    hint = DecompressChunk(stream, &output, &input);
                    if (IsError(hint) != 0 || (input.Position == before && output.Position == 0))
                        throw CompressionCodec.Corrupt(Type);
                    target.Advance((int)output.Position);
                }

                if (target.WrittenCount > maxSize)
                    throw CompressionCodec.TooLarge(Type, maxSize);
            }
        }

        return target.WrittenSpan.ToArray();
    }

    /// <summary>ZSTD_inBuffer and ZSTD_outBuffer of zstd.h, which have the same layout.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct StreamBuffer
    {
        public byte* Data;
        public nuint Size;
        public nuint Position;
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint code);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressBound")]
    private static partial nuint CompressBound(nuint size);

    [LibraryImport(Library, EntryPoint = "ZSTD_compress")]
    private static partial nuint CompressAll(byte* target, nuint capacity, byte* source, nuint size, int level);

    [LibraryImport(Library, EntryPoint = "ZSTD_createDStream")]
    private static partial nint CreateStream();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDStream")]
    private static partial nuint FreeStream(nint stream);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
    private static partial nuint DecompressChunk(nint stream, StreamBuffer* output, StreamBuffer* input);
}
