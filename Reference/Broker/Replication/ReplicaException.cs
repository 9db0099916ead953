using System;
using Reference.Wire;

namespace Reference.Broker.Replication;

/// <summary>A replica cannot do what was asked of it; the code tells the peer why.</summary>
public sealed class ReplicaException(ErrorCode code, string message) : Exception(message)
{
    /// <summary>What the peer is told.</summary>
    public ErrorCode Code { get; } = code;
}
