using System;
using System.Runtime.InteropServices;

namespace Reference.Wire.Compression;

/// <summary>LZ4 frames through the system's liblz4. Blocks are independent, since Java clients read no others.</summary>
internal sealed unsafe partial class Lz4Codec() : NativeCodec(CompressionType.Lz4, Library, "liblz4-1")
{
    private const string Library = "liblz4.so.1";
    private const uint FrameVersion = 100;

    protected override int Bound(int size)
    {
        var preferences = IndependentBlocks;
        return checked((int)CompressFrameBound((nuint)size, &preferences));
    }

    protected override int? CompressAll(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var preferences = IndependentBlocks;
        fixed (byte* from = source, to = target)
        {
            var size = CompressFrame(to, (nuint)target.Length, from, (nuint)source.Length, &preferences);
            return IsError(size) == 0 ? (int)size : null;
        }
    }

    protected override nint Open() => IsError(CreateDecompressionContext(out var context, FrameVersion)) == 0 ? context : 0;

    protected override void Close(nint context) => _ = FreeDecompressionContext(context);

    protected override (int Read, int Written, bool IsComplete)? DecompressChunk(nint context, ReadOnlySpan<byte> source, Span<byte> target)
    {
        var (read, written) = ((nuint)source.Length, (nuint)target.Length);
        fixed (byte* from = source, to = target)
        {
            var hint = DecompressChunk(context, to, ref written, from, ref read, 0);
            return IsError(hint) == 0 ? ((int)read, (int)written, hint == 0) : null;
        }
    }

    private static Preferences IndependentBlocks => new() { BlockMode = 1 };

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
