using System;
using Simulator.Platform;

namespace Reference.Coordination;

/// <summary>How the embedded coordination server runs.</summary>
/// <param name="Endpoint">Where it listens; port 0 takes any free one.</param>
/// <param name="DataDirectory">Where log and snapshots stand; made if it is not there.</param>
public sealed record CoordinationServerOptions(Endpoint Endpoint, string DataDirectory)
{
    /// <summary>The basic unit of time, ZooKeeper's tickTime.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The shortest session timeout granted; two ticks unless told.</summary>
    public TimeSpan? MinSessionTimeout { get; init; }

    /// <summary>The longest session timeout granted; twenty ticks unless told.</summary>
    public TimeSpan? MaxSessionTimeout { get; init; }

    /// <summary>
    /// Ends at the start all sessions that are found, with their ephemeral znodes: for a store whose only clients live in its own
    /// process and have died with it. Otherwise their timeouts begin afresh.
    /// </summary>
    public bool EndSessionsAtStart { get; init; }

    /// <summary>Transactions between two snapshots, ZooKeeper's snapCount.</summary>
    public int SnapshotEvery { get; init; } = 100_000;

    /// <summary>The longest request accepted in bytes, ZooKeeper's jute.maxbuffer.</summary>
    public int MaxRequestBytes { get; init; } = 0xfffff;

    internal int NegotiateMillis(int askedMillis)
    {
        var min = (MinSessionTimeout ?? (Tick * 2)).TotalMilliseconds;
        var max = (MaxSessionTimeout ?? (Tick * 20)).TotalMilliseconds;
        return (int)Math.Clamp(askedMillis, min, Math.Max(min, max));
    }
}
