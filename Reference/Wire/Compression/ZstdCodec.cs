using System;
using System.Runtime.InteropServices;

namespace Reference.Wire.Compression;

/// <summary>Zstandard through the system's libzstd.</summary>
internal sealed unsafe partial class ZstdCodec() : NativeCodec(CompressionType.Zstd, Library, "libzstd1")
{
    private const string Library = "libzstd.so.1";
    private const int DefaultLevel = 3;

    protected override int Bound(int size) => checked((int)CompressBound((nuint)size));

    protected override int? CompressAll(ReadOnlySpan<byte> source, Span<byte> target)
    {
        fixed (byte* from = source, to = target)
        {
            var size = CompressAll(to, (nuint)target.Length, from, (nuint)source.Length, DefaultLevel);
            return IsError(size) == 0 ? (int)size : null;
        }
    }

    protected override nint Open() => CreateStream();

    protected override void Close(nint context) => _ = FreeStream(context);

    protected override (int Read, int Written, bool IsComplete)? DecompressChunk(nint context, ReadOnlySpan<byte> source, Span<byte> target)
    {
        fixed (byte* from = source, to = target)
        {
            var input = new StreamBuffer { Data = from, Size = (nuint)source.Length };
            var output = new StreamBuffer { Data = to, Size = (nuint)target.Length };
            var hint = DecompressChunk(context, &output, &input);
            return IsError(hint) == 0 ? ((int)input.Position, (int)output.Position, hint == 0) : null;
        }
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
