using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Reference.Coordination.Jute;
using Simulator.Engine.Timelines;

namespace Scenarios.Timelines;

/// <summary>Names the coordination store's requests by their opcode, and replies by the request whose xid they carry. The first frame each way is the handshake.</summary>
internal sealed class StoreConversation : ConversationLabels
{
    private const string Prefix = "store ";
    private const string Session = Prefix + "session";
    private readonly Dictionary<int, string> _asked = [];
    private readonly FrameNames _requests;
    private readonly FrameNames _replies;
    private bool _requested;
    private bool _replied;

    public StoreConversation()
    {
        _requests = new FrameNames(NameRequest);
        _replies = new FrameNames(NameReply);
    }

    /// <inheritdoc/>
    public override string Label(bool fromDialler, ReadOnlySpan<byte> bytes) => (fromDialler ? _requests : _replies).Next(bytes);

    private string NameRequest(ReadOnlySpan<byte> head)
    {
        var isHandshake = !_requested;
        _requested = true;
        if (isHandshake) return Session;
        if (head.Length < 2 * sizeof(int)) return "malformed";
        var name = Prefix + (OpCode)BinaryPrimitives.ReadInt32BigEndian(head[sizeof(int)..]);
        _asked[BinaryPrimitives.ReadInt32BigEndian(head)] = name;
        return name;
    }

    private string NameReply(ReadOnlySpan<byte> head)
    {
        var isHandshake = !_replied;
        _replied = true;
        if (isHandshake) return Session + " reply";
        if (head.Length < sizeof(int)) return "reply";
        var xid = BinaryPrimitives.ReadInt32BigEndian(head);
        if (xid == Xid.Notification) return Prefix + "notification";
        return _asked.Remove(xid, out var name) ? name + " reply" : "reply";
    }
}
