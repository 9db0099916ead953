using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using Reference.Coordination.Jute;
using Reference.Coordination.Tree;

namespace Reference.Coordination.Server;

/// <summary>
/// The log's files. A file is a header (magic "CLOG", version) and frames (magic "CTXN", payload length, CRC-32C of the payload,
/// payload: count and transactions), all numbers big-endian. A frame is what one sync made durable: at most the last frame of the
/// last file was not synced, so whatever is damaged before a whole frame is no torn tail.
/// </summary>
internal static class LogFormat
{
    public const int HeaderBytes = 8;
    public const int FrameHeaderBytes = 12;
    private const int FileMagic = 0x434C4F47;
    private const int FrameMagic = 0x4354584E;
    private const int Version = 1;
    private const string FilePrefix = "log.";
    private const string Restore = "Restore the file from a backup, or move the data directory away to begin with an empty store.";

    /// <summary>The file whose first transaction is that one.</summary>
    public static string NameOf(long firstZxid) => FilePrefix + firstZxid.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The first transaction of a log file, or null if the name is none of a log file.</summary>
    public static long? FirstZxidOf(string name) => ParseName(name, FilePrefix);

    public static long? ParseName(string name, string prefix) =>
        name.Length == prefix.Length + 16 && name.StartsWith(prefix, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var zxid)
            ? zxid
            : null;

    public static byte[] Header()
    {
        var header = new byte[HeaderBytes];
        BinaryPrimitives.WriteInt32BigEndian(header, FileMagic);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Version);
        return header;
    }

    /// <summary>True if a file is what a crash leaves of a header: a part of it, or nothing, and else only zeros.</summary>
    public static bool IsTornHeader(ReadOnlySpan<byte> file) => Header().AsSpan().StartsWith(file.TrimEnd((byte)0));

    /// <summary>One frame around transactions already written.</summary>
    public static byte[] Frame(int count, ReadOnlySpan<byte> transactions)
    {
        var frame = new byte[FrameHeaderBytes + sizeof(int) + transactions.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, FrameMagic);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), sizeof(int) + transactions.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(FrameHeaderBytes), count);
        transactions.CopyTo(frame.AsSpan(FrameHeaderBytes + sizeof(int)));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), Checksum.Crc32C(frame.AsSpan(FrameHeaderBytes)));
        return frame;
    }

    /// <summary>
    /// Reads a file's transactions; gives the length of its whole part, which is shorter than the file where the tail is torn.
    /// </summary>
    /// <exception cref="StoreCorruptException">Damage that is no torn tail, or damage in a file that is not the last.</exception>
    public static int Read(string path, ReadOnlySpan<byte> file, bool isLast, List<Transaction> into)
    {
        if (file.Length < HeaderBytes && isLast) return 0;
        if (file.Length < HeaderBytes || BinaryPrimitives.ReadInt32BigEndian(file) != FileMagic)
        {
            if (isLast && FindFrame(file, 0) < 0) return 0;
            throw new StoreCorruptException(path, 0, "it does not begin like a transaction log", Restore);
        }

        var version = BinaryPrimitives.ReadInt32BigEndian(file[4..]);
        if (version != Version)
        {
            throw new StoreCorruptException(path, 4, $"its format version is {version}, this server reads {Version}", "Use the server version that wrote it.");
        }

        var position = HeaderBytes;
        while (position < file.Length)
        {
            var length = FrameLengthAt(file, position);
            if (length == 0)
            {
                if (isLast && FindFrame(file, position + 1) < 0) return position;
                throw new StoreCorruptException(path, position, "a transaction frame is damaged and whole ones follow it", Restore);
            }

            ReadFrame(path, position, file.Slice(position + FrameHeaderBytes, length - FrameHeaderBytes), into);
            position += length;
        }

        return position;
    }

    private static void ReadFrame(string path, long position, ReadOnlySpan<byte> payload, List<Transaction> into)
    {
        try
        {
            var reader = new JuteReader(payload);
            var count = reader.ReadInt();
            for (var i = 0; i < count; i++) into.Add(TransactionCodec.Read(ref reader));
        }
        catch (JuteException e)
        {
            throw new StoreCorruptException(path, position, $"a frame with a right checksum holds no transactions ({e.Message})", Restore);
        }
    }

    /// <summary>The length of the whole and intact frame that begins there, or 0.</summary>
    private static int FrameLengthAt(ReadOnlySpan<byte> file, int position)
    {
        if (file.Length - position < FrameHeaderBytes + sizeof(int)) return 0;
        var frame = file[position..];
        if (BinaryPrimitives.ReadInt32BigEndian(frame) != FrameMagic) return 0;
        var payload = BinaryPrimitives.ReadInt32BigEndian(frame[4..]);
        if (payload < sizeof(int) || payload > frame.Length - FrameHeaderBytes) return 0;
        var crc = BinaryPrimitives.ReadUInt32BigEndian(frame[8..]);
        return crc == Checksum.Crc32C(frame.Slice(FrameHeaderBytes, payload)) ? FrameHeaderBytes + payload : 0;
    }

    private static int FindFrame(ReadOnlySpan<byte> file, int from)
    {
        for (var i = from; i <= file.Length - FrameHeaderBytes; i++)
        {
            if (FrameLengthAt(file, i) > 0) return i;
        }

        return -1;
    }
}
