using System;
using Simulator.Engine.Timelines;
using Simulator.Platform;

namespace Simulator.Engine.Network;

/// <summary>One end's part in the record of a connection, while a timeline is recorded.</summary>
internal sealed class TrafficRecord
{
    private readonly TimelineRecorder _timeline;
    private readonly SimMachine _from;
    private readonly SimMachine _to;
    private readonly int _connection;
    private readonly bool _isDialler;
    private readonly ConversationLabels? _labels;

    private TrafficRecord(TimelineRecorder timeline, SimMachine from, SimMachine to, int connection, bool isDialler, ConversationLabels? labels)
    {
        _timeline = timeline;
        (_from, _to) = (from, to);
        (_connection, _isDialler, _labels) = (connection, isDialler, labels);
    }

    /// <summary>The records of both ends of a new connection.</summary>
    public static (TrafficRecord Dialler, TrafficRecord Acceptor) Pair(TimelineRecorder timeline, SimMachine dialler, Endpoint local, SimMachine acceptor, Endpoint remote)
    {
        var connection = timeline.Connection(local, remote);
        var labels = timeline.Conversations?.Invoke(local, remote);
        return (new TrafficRecord(timeline, dialler, acceptor, connection, true, labels), new TrafficRecord(timeline, acceptor, dialler, connection, false, labels));
    }

    /// <summary>This end sends; gives the slot by which the end of the message is told.</summary>
    /// <param name="kind">The segment's kind, its name where it carries no bytes.</param>
    /// <param name="bytes">What it carries.</param>
    public int Sent(string kind, ReadOnlySpan<byte> bytes)
    {
        var label = bytes.IsEmpty ? kind : _labels?.Label(_isDialler, bytes) ?? kind;
        return _timeline.Sent(_from, _to, _connection, label, bytes.Length);
    }

    /// <summary>A message of the other end arrived here, or one of this end there.</summary>
    public void Arrived(int slot) => _timeline.Ended(slot, MessageEnd.Arrived);

    /// <summary>A message will never arrive.</summary>
    public void Lost(int slot) => _timeline.Ended(slot, MessageEnd.Lost);
}
