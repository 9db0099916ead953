using System;

namespace Simulator.Engine;

/// <summary>The constants of a simulated world. Spans are virtual time.</summary>
public sealed record WorldOptions
{
    /// <summary>One-way latency of a link without faults.</summary>
    public Range<TimeSpan> LinkLatency { get; init; } = new(TimeSpan.FromMicroseconds(100), TimeSpan.FromMicroseconds(800));

    /// <summary>Bytes per second of a link.</summary>
    public long LinkBytesPerSecond { get; init; } = 125_000_000;

    /// <summary>Probability that a segment is lost once and comes after <see cref="RetransmissionTimeout"/>.</summary>
    public double LossProbability { get; init; } = 0.0005;

    /// <summary>How long TCP waits before it sends a lost segment again.</summary>
    public TimeSpan RetransmissionTimeout { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Probability that a write arrives in two pieces.</summary>
    public double FragmentationProbability { get; init; } = 0.05;

    /// <summary>Bytes that a connection takes before a writer must wait.</summary>
    public int SendWindowBytes { get; init; } = 256 * 1024;

    /// <summary>How long one disk read or write takes.</summary>
    public Range<TimeSpan> DiskLatency { get; init; } = new(TimeSpan.FromMicroseconds(5), TimeSpan.FromMicroseconds(60));

    /// <summary>How long an fsync takes.</summary>
    public Range<TimeSpan> SyncLatency { get; init; } = new(TimeSpan.FromMicroseconds(300), TimeSpan.FromMilliseconds(4));

    /// <summary>Size of each machine's disk.</summary>
    public long DiskBytes { get; init; } = 1L << 34;

    /// <summary>The wall clock's reading when the world begins, in milliseconds since 1970.</summary>
    public long WallEpochMillis { get; init; } = 1_700_000_000_000;

    /// <summary>Whether rare things are done on purpose.</summary>
    public bool Buggify { get; init; } = true;
}

/// <summary>From <paramref name="Min"/> (included) to <paramref name="Max"/> (excluded).</summary>
public readonly record struct Range<T>(T Min, T Max);
