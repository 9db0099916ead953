using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace tools.Sample.KeyValue;

/// <summary>A replica as the others and the clients reach it.</summary>
/// <param name="Replication">Where it listens for the other replicas.</param>
/// <param name="Http">Where it listens for clients.</param>
public sealed record ReplicaAddress(Endpoint Replication, Endpoint Http);

/// <summary>How a replica is set up.</summary>
/// <param name="Self">Its own address.</param>
/// <param name="Peers">The other replicas.</param>
public sealed record ReplicaOptions(ReplicaAddress Self, IReadOnlyList<ReplicaAddress> Peers)
{
    /// <summary>How many replicas must have something, this one included.</summary>
    public int Majority => ((Peers.Count + 1) / 2) + 1;

    /// <summary>How long another replica may take to answer.</summary>
    public TimeSpan PeerTimeout { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>How often the primary lets the others hear of it.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long without hearing of a primary a replica wants to become it; up to twice that.</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>The bug to be found.</summary>
    public PlantedBug Bug { get; init; }
}

/// <summary>Mistakes that are easily made, and hard to find without a simulator.</summary>
public enum PlantedBug
{
    /// <summary>The service as it should be.</summary>
    None,

    /// <summary>The primary acknowledges a write when it has it on its own disk, before a majority has it.</summary>
    EarlyAcknowledgement,

    /// <summary>The primary answers reads without asking whether it still is the primary.</summary>
    StaleRead,

    /// <summary>
    /// How long a replica waits for a primary follows from the hash code of its name, which is another one in each process: nothing breaks,
    /// but no failure could be replayed.
    /// </summary>
    HashedPatience,
}
