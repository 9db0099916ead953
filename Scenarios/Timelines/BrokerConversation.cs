using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Reference.Wire;
using Simulator.Engine.Timelines;

namespace Scenarios.Timelines;

/// <summary>Names Kafka's requests by their API key, and replies by the request whose correlation id they carry.</summary>
internal sealed class BrokerConversation : ConversationLabels
{
    private const int CorrelationAt = 4;
    private readonly Dictionary<int, string> _asked = [];
    private readonly FrameNames _requests;
    private readonly FrameNames _replies;

    public BrokerConversation()
    {
        _requests = new FrameNames(NameRequest);
        _replies = new FrameNames(NameReply);
    }

    /// <inheritdoc/>
    public override string Label(bool fromDialler, ReadOnlySpan<byte> bytes) => (fromDialler ? _requests : _replies).Next(bytes);

    private string NameRequest(ReadOnlySpan<byte> head)
    {
        if (head.Length < CorrelationAt + sizeof(int)) return "malformed";
        var name = ((ApiKey)BinaryPrimitives.ReadInt16BigEndian(head)).ToString();
        _asked[BinaryPrimitives.ReadInt32BigEndian(head[CorrelationAt..])] = name;
        return name;
    }

    private string NameReply(ReadOnlySpan<byte> head) =>
        head.Length >= sizeof(int) && _asked.Remove(BinaryPrimitives.ReadInt32BigEndian(head), out var name) ? name + " reply" : "reply";
}
