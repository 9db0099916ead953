using System;
using System.Buffers.Binary;
using Reference.Wire.Records.Legacy;
using Simulator.Platform;

namespace Reference.Broker.Storage;

/// <summary>
/// Tells a log in the format before record batches (message format v0 and v1, up to Kafka 0.10) from bytes that nobody wrote: such a log
/// is whole, and no recovery may cut it.
/// </summary>
internal static class LegacyMessages
{
    private const int MagicAt = LegacyMessage.EntryOverhead + sizeof(uint);
    private const int LeastSize = sizeof(uint) + 2 + (2 * sizeof(int)); // checksum, magic, attributes, the lengths of no key and no value

    /// <summary>Ends quietly unless a whole and sound message of such a format begins at a position.</summary>
    /// <exception cref="LegacyFormatException">One does.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async LoopTask Refuse(IFile file, long position)
    {
        var head = new byte[MagicAt + 1];
        if (await file.ReadFully(position, head) < head.Length || head[MagicAt] > 1) return;
        var offset = BinaryPrimitives.ReadInt64BigEndian(head);
        var size = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(sizeof(long)));
        if (offset < 0 || size < LeastSize || size > file.Length - position - LegacyMessage.EntryOverhead) return;
        var message = new byte[size];
        if (await file.ReadFully(position + LegacyMessage.EntryOverhead, message) < size) return;
        if (BinaryPrimitives.ReadUInt32BigEndian(message) == Crc32.Compute(message.AsSpan(sizeof(uint)))) throw new LegacyFormatException(file.Path, position, head[MagicAt]);
    }
}
