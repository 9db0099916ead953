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
    /// <param name="lossIsAllowed">Whether a leader may be elected that lacks committed records: what they promised then holds no more.</param>
    public static IReadOnlyList<Validation> Of(ClientHistory history, bool oneRequestInFlight, LawfulHoles? holes = null, bool lossIsAllowed = false) =>
    [
        new PhantomRead(history),
        new AbortedRead(history),
        new InternalNonmonotonicPoll(history),
        .. lossIsAllowed ? [] : Promised(history, oneRequestInFlight, holes),
    ];

    private static IReadOnlyList<Validation> Promised(ClientHistory history, bool oneRequestInFlight, LawfulHoles? holes) =>
    [
        new InconsistentOffsets(history),
        new PollSkip(history, holes),
        new InternalPollSkip(history, holes),
        new NonmonotonicPoll(history, holes),
        .. oneRequestInFlight ? [new NonmonotonicSend(history), new InternalNonmonotonicSend(history)] : Array.Empty<Validation>(),
        new LostWrite(history, holes),
        new Unseen(history, holes),
    ];
}
