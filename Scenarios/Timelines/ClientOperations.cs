using System;
using System.Collections.Generic;
using System.Linq;
using Scenarios.History;
using Simulator.Engine;
using Simulator.Engine.Timelines;

namespace Scenarios.Timelines;

/// <summary>
/// The clients' operations as a timeline and a Jepsen history show them, in the words of Jepsen's Kafka workload: <c>[:send key value]</c>,
/// acknowledged as <c>[:send key [offset value]]</c>, and <c>[:poll {key [[offset value] …]}]</c>. Does nothing while no timeline is recorded.
/// </summary>
/// <param name="world">The world.</param>
public sealed class ClientOperations(SimWorld world)
{
    private readonly Dictionary<SendOperation, TimelineOperation> _sends = [];

    /// <summary>A send begins.</summary>
    public void BeginSend(SendOperation send)
    {
        if (world.Timeline is not { } timeline) return;
        _sends[send] = timeline.BeginOperation(send.Producer, "send", Edn.Vector(Edn.Vector(":send", Edn.Text(send.Partition), Edn.Text(send.Value))));
    }

    /// <summary>A send has ended.</summary>
    public void EndSend(SendOperation send)
    {
        if (!_sends.Remove(send, out var operation)) return;
        var value = send.Outcome == SendOutcome.Acknowledged
            ? Edn.Vector(Edn.Vector(":send", Edn.Text(send.Partition), Edn.Vector(Edn.Number(send.Offset), Edn.Text(send.Value))))
            : null;
        world.Timeline!.EndOperation(operation, OutcomeOf(send.Outcome), value);
    }

    /// <summary>A poll begins; null while no timeline is recorded.</summary>
    public TimelineOperation? BeginPoll(string consumer) => world.Timeline?.BeginOperation(consumer, "poll", "[[:poll]]");

    /// <summary>A poll has ended with these records.</summary>
    public void EndPoll(TimelineOperation? poll, IReadOnlyList<ReadOperation> records)
    {
        if (poll is null) return;
        var read = records.GroupBy(r => r.Partition).Select(g => (Edn.Text(g.Key), Edn.Vector(g.Select(r => Edn.Vector(Edn.Number(r.Offset), Edn.Text(r.Value))))));
        world.Timeline!.EndOperation(poll, OperationOutcome.Ok, Edn.Vector(Edn.Vector(":poll", Edn.Map(read))));
    }

    private static OperationOutcome OutcomeOf(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Acknowledged => OperationOutcome.Ok,
        SendOutcome.Failed => OperationOutcome.Fail,
        SendOutcome.Unknown => OperationOutcome.Info,
        _ => throw new InvalidOperationException("The send has not ended."),
    };
}
