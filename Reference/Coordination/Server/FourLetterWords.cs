using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Reference.Coordination.Server;

/// <summary>The monitoring words that stand where a frame's length would be: ruok, srvr, stat, isro.</summary>
internal static class FourLetterWords
{
    /// <summary>The answer, or null if these four bytes are no word but a length.</summary>
    public static byte[]? Answer(int prefix, Store store, int connections)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, prefix);
        return Encoding.Latin1.GetString(bytes) switch
        {
            "ruok" => Encoding.ASCII.GetBytes("imok"),
            "isro" => Encoding.ASCII.GetBytes("rw"),
            "srvr" or "stat" => Encoding.ASCII.GetBytes(Describe(store, connections)),
            _ => null,
        };
    }

    private static string Describe(Store store, int connections) => string.Create(
        CultureInfo.InvariantCulture,
        $"Zookeeper version: embedded, client protocol of 3.5\nConnections: {connections}\nSessions: {store.Tree.SessionIds.Count}\n"
        + $"Watches: {store.Watches.Count}\nZxid: 0x{store.Tree.LastZxid:x}\nMode: standalone\nNode count: {store.Tree.NodeCount}\n");
}
