using System;
using System.Collections.Generic;
using Scenarios.History;
using Simulator.Engine.Properties;

namespace Scenarios.Properties;

/// <summary>The anomalies that a finished history of clients is searched for, wherever it was recorded: in the simulator or over real sockets.</summary>
public static class ClientAnomalies
{
    /// <summary>All of them.</summary>
    /// <param name="history">What the clients did and saw.</param>
    /// <param name="oneRequestInFlight">Whether the producers had no more than that: only then sends keep their order.</param>
    /// <param name="holes">What compaction, retention and deletion of records may have taken; null if nothing of the topics goes.</param>
    public static IReadOnlyList<Validation> Of(ClientHistory history, bool oneRequestInFlight, LawfulHoles? holes = null) =>
    [
        new InconsistentOffsets(history),
        new PhantomRead(history),
        new AbortedRead(history),
        new PollSkip(history, holes),
        new InternalPollSkip(history, holes),
        new NonmonotonicPoll(history, holes),
        new InternalNonmonotonicPoll(history),
        .. oneRequestInFlight ? [new NonmonotonicSend(history), new InternalNonmonotonicSend(history)] : Array.Empty<Validation>(),
        new LostWrite(history, holes),
        new Unseen(history, holes),
    ];
}
