using System;
using Reference.Broker.Server;
using Reference.Broker.Storage;
using Reference.Broker.Znodes;
using Reference.Coordination;
using Simulator.Platform;

namespace Scenarios.Cluster;

/// <summary>How a broker's process ended by itself, and whether Kafka's would have ended there too.</summary>
/// <param name="HasServed">It had come as far as to serve requests.</param>
/// <param name="WasAskedToStop">It had been asked to stop in order.</param>
/// <param name="Error">Its exception, or null.</param>
public readonly record struct BrokerExit(bool HasServed, bool WasAskedToStop, Exception? Error)
{
    /// <summary>Whether its disk had given it an error.</summary>
    public bool DiskFailed { get; init; }

    /// <summary>Whether the file that it names as damaged is one behind which somebody had put junk: see <see cref="JunkAccount"/>.</summary>
    public bool FoundJunk { get; init; }

    /// <summary>
    /// Kafka's broker ends where it was asked to, and where it cannot start: the store does not answer in time, its session is over
    /// before it has registered, or another broker holds its id. A log that was closed in order and is damaged keeps it from starting until
    /// somebody does what it says. It halts when its last log directory has failed. Once it serves it
    /// lives on without the store, however long, and no connection's failure ends it. Whatever else ends a broker is a bug.
    /// </summary>
    public bool IsKafkas => Error switch
    {
        null => WasAskedToStop,
        BrokerHaltedException => DiskFailed,
        DiskException or LogDirFailureException => DiskFailed && !HasServed,
        BrokerIdTakenException => !HasServed,
        CorruptLogException => FoundJunk && !HasServed,
        CoordinationException { Error: CoordinationError.ConnectionLoss or CoordinationError.OperationTimeout or CoordinationError.SessionExpired } => !HasServed,
        _ => false,
    };

    /// <inheritdoc/>
    public override string ToString() =>
        $"ended {(HasServed ? "while it served" : "while it started")}{(WasAskedToStop ? " after it was asked to stop" : string.Empty)}: {Error?.ToString() ?? "nobody asked it to"}";
}
