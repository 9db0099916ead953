using System;
using System.Buffers.Binary;

namespace Reference.Rpc;

/// <summary>What a frame from the server is.</summary>
public enum IncomingKind
{
    /// <summary>The reply to a request.</summary>
    Reply,

    /// <summary>Sent by the server of its own accord.</summary>
    Notification,

    /// <summary>Neither: the connection is given up.</summary>
    Malformed,
}

/// <summary>Tells a protocol's replies from its notifications and finds the id of the request that is answered.</summary>
public delegate IncomingKind IncomingClassifier(ReadOnlySpan<byte> frame, out int correlationId);

/// <summary>Classifiers that several protocols share.</summary>
public static class Correlation
{
    /// <summary>Every frame is a reply and begins with a big-endian int32 id, as in Kafka's response header.</summary>
    public static IncomingKind Int32AtStart(ReadOnlySpan<byte> frame, out int correlationId)
    {
        correlationId = 0;
        if (frame.Length < sizeof(int)) return IncomingKind.Malformed;
        correlationId = BinaryPrimitives.ReadInt32BigEndian(frame);
        return IncomingKind.Reply;
    }
}
