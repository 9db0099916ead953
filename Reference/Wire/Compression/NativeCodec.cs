using System;
using System.Buffers;

namespace Reference.Wire.Compression;

/// <summary>
/// A codec over a library of the system: what is the same for all of them. The library is looked for at the first use, and its
/// absence is a <see cref="CodecUnavailableException"/>.
/// </summary>
/// <param name="type">Compression.</param>
/// <param name="library">File of the library.</param>
/// <param name="package">Debian package that holds it.</param>
internal abstract class NativeCodec(CompressionType type, string library, string package) : ICompressionCodec
{
    private const int ChunkBytes = 64 * 1024;

    public CompressionType Type => type;

    public byte[] Compress(ReadOnlySpan<byte> data)
    {
        try
        {
            var target = new byte[Bound(data.Length)];
            return CompressAll(data, target) is { } size
                ? target[..size]
                : throw new InvalidOperationException($"{library} could not compress into a buffer of its own bound.");
        }
        catch (DllNotFoundException missing)
        {
            throw new CodecUnavailableException(type, library, package, missing);
        }
    }

    public byte[] Decompress(ReadOnlySpan<byte> data, int maxSize)
    {
        try
        {
            var context = Open();
            if (context == 0) throw new OutOfMemoryException($"{library} could not allocate a context.");
            try
            {
                return Decompress(context, data, maxSize);
            }
            finally
            {
                Close(context);
            }
        }
        catch (DllNotFoundException missing)
        {
            throw new CodecUnavailableException(type, library, package, missing);
        }
    }

    /// <summary>Most bytes that data of a size compress to.</summary>
    protected abstract int Bound(int size);

    /// <summary>Compresses at once; gives the bytes written, or null on an error.</summary>
    protected abstract int? CompressAll(ReadOnlySpan<byte> source, Span<byte> target);

    /// <summary>A context for decompression, or 0.</summary>
    protected abstract nint Open();

    /// <summary>Frees a context.</summary>
    protected abstract void Close(nint context);

    /// <summary>Decompresses a piece; gives what it read and wrote, and whether the frame is complete; null on corrupt data.</summary>
    protected abstract (int Read, int Written, bool IsComplete)? DecompressChunk(nint context, ReadOnlySpan<byte> source, Span<byte> target);

    /// <summary>Frames may lack their size, so reading streams.</summary>
    private byte[] Decompress(nint context, ReadOnlySpan<byte> data, int maxSize)
    {
        var target = new ArrayBufferWriter<byte>(ChunkBytes);
        var isComplete = false;
        while (!data.IsEmpty || !isComplete)
        {
            if (DecompressChunk(context, data, target.GetSpan(ChunkBytes)[..ChunkBytes]) is not { } chunk || (chunk.Read == 0 && chunk.Written == 0))
                throw CompressionCodec.Corrupt(type);
            target.Advance(chunk.Written);
            if (target.WrittenCount > maxSize) throw CompressionCodec.TooLarge(type, maxSize);
            data = data[chunk.Read..];
            isComplete = chunk.IsComplete;
        }

        return target.WrittenSpan.ToArray();
    }
}
