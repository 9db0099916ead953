using System;
using System.IO;
using Simulator.Platform;

namespace Tests.Simulator.Contracts;

/// <summary>Byte patterns and whole reads.</summary>
internal static class Bytes
{
    /// <summary>Bytes that differ from place to place, so that a shift or a hole shows.</summary>
    public static byte[] Pattern(int count)
    {
        var bytes = new byte[count];
        new RandomStream((ulong)count).Fill(bytes);
        return bytes;
    }

    /// <summary>Reads exactly that many bytes from a connection.</summary>
    public static async LoopTask<byte[]> ReadExactly(IConnection connection, int count)
    {
        var bytes = new byte[count];
        var total = 0;
        while (total < count)
        {
            var read = await connection.Read(bytes.AsMemory(total));
            if (read == 0) throw new EndOfStreamException($"The connection ended after {total} of {count} bytes.");
            total += read;
        }

        return bytes;
    }

    /// <summary>Reads until the peer has finished writing.</summary>
    public static async LoopTask<byte[]> ReadToEnd(IConnection connection)
    {
        var all = new MemoryStream();
        var buffer = new byte[8192];
        while (true)
        {
            var read = await connection.Read(buffer);
            if (read == 0) return all.ToArray();
            all.Write(buffer, 0, read);
        }
    }
}
