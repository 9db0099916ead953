using System;
using System.Buffers.Binary;
using System.Globalization;
using Reference.Coordination.Jute;
using Reference.Coordination.Tree;

namespace Reference.Coordination.Server;

/// <summary>A snapshot file: magic "CSNP", version, body length, CRC-32C of the body, body (<see cref="TreeSnapshot"/>).</summary>
internal static class SnapshotFormat
{
    public const int HeaderBytes = 16;
    private const int Magic = 0x43534E50;
    private const int Version = 1;
    private const string FilePrefix = "snapshot.";

    public static string NameOf(long zxid) => FilePrefix + zxid.ToString("x16", CultureInfo.InvariantCulture);

    public static long? ZxidOf(string name) => LogFormat.ParseName(name, FilePrefix);

    public static byte[] Write(ZnodeTree tree)
    {
        var writer = new JuteWriter(4096);
        writer.WriteRaw(new byte[HeaderBytes]);
        TreeSnapshot.Write(writer, tree);
        var file = writer.Written.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(file, Magic);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4), Version);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(8), file.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(12), Checksum.Crc32C(file.AsSpan(HeaderBytes)));
        return file;
    }

    /// <exception cref="StoreCorruptException">The file is not whole and intact.</exception>
    public static ZnodeTree Read(string path, ReadOnlySpan<byte> file)
    {
        const string Remedy = "Restore it from a backup, or delete it if an older snapshot with its logs is there.";
        if (file.Length < HeaderBytes || BinaryPrimitives.ReadInt32BigEndian(file) != Magic)
        {
            throw new StoreCorruptException(path, 0, "it does not begin like a snapshot", Remedy);
        }

        if (BinaryPrimitives.ReadInt32BigEndian(file[4..]) != Version)
        {
            throw new StoreCorruptException(path, 4, "its format version is unknown", "Use the server version that wrote it.");
        }

        var body = file[HeaderBytes..];
        if (body.Length != BinaryPrimitives.ReadInt32BigEndian(file[8..]) || Checksum.Crc32C(body) != BinaryPrimitives.ReadUInt32BigEndian(file[12..]))
        {
            throw new StoreCorruptException(path, HeaderBytes, "its length or checksum is wrong", Remedy);
        }

        var reader = new JuteReader(body);
        return TreeSnapshot.Read(ref reader);
    }
}
