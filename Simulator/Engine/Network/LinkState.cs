using System;
using Simulator.Platform;

namespace Simulator.Engine.Network;

/// <summary>One direction between two machines: its speed, its faults, its queue.</summary>
internal sealed class LinkState(SimWorld world, string from, string to)
{
    private readonly RandomStream _random = world.Random($"network/{from}>{to}");
    private readonly EffectsInForce<TimeSpan> _extraLatency = new(TimeSpan.Zero, static (a, b) => b > a ? b : a);
    private readonly EffectsInForce<long> _bytesPerSecond = new(world.Options.LinkBytesPerSecond, Math.Min);
    private int _blocks;
    private long _busyUntil;

    /// <summary>True while nothing gets through.</summary>
    public bool IsBlocked => _blocks > 0;

    /// <summary>Added to every latency for good: how far the machines stand apart.</summary>
    public TimeSpan Distance { get; set; }

    /// <summary>Adds to every latency until the effect ends; of several the longest holds.</summary>
    public FaultEffect Clog(TimeSpan extraLatency) => _extraLatency.Begin(extraLatency);

    /// <summary>What is done to writes of some kinds.</summary>
    public TrafficFilters Filters { get; } = new();

    /// <summary>
    /// Lets no more bytes a second through until the effect ends; of several the narrowest holds. What does not get through at once
    /// waits in a queue without an end, as in a bloated buffer.
    /// </summary>
    public FaultEffect Narrow(long bytesPerSecond) => _bytesPerSecond.Begin(bytesPerSecond);

    /// <summary>Blocks are counted, so that overlapping partitions heal one by one.</summary>
    public void Block() => _blocks++;

    public void Unblock() => _blocks = Math.Max(0, _blocks - 1);

    public void Clear()
    {
        _blocks = 0;
        _extraLatency.Clear();
        _bytesPerSecond.Clear();
        Filters.Clear();
        _busyUntil = Math.Min(_busyUntil, world.NowMicros);
    }

    /// <summary>When a segment of that size sent now would arrive, in microseconds: queueing, transmission, latency, perhaps a retransmission.</summary>
    public long ArrivalMicros(int bytes)
    {
        var options = world.Options;
        var transmission = bytes * 1_000_000L / _bytesPerSecond.Value;
        var start = Math.Max(world.NowMicros, _busyUntil);
        _busyUntil = start + transmission;
        var latency = _random.NextSpan(options.LinkLatency.Min, options.LinkLatency.Max) + Distance + _extraLatency.Value;
        if (_random.Chance(options.LossProbability)) latency += options.RetransmissionTimeout;
        return _busyUntil + (latency.Ticks / TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>How many bytes of a write go into its first piece.</summary>
    public int FirstPiece(int bytes) =>
        bytes > 1 && _random.Chance(world.Options.FragmentationProbability) ? _random.Next(1, bytes) : bytes;

    /// <summary>How long after a heal TCP tries again.</summary>
    public TimeSpan RetryAfterHeal() => _random.NextSpan(TimeSpan.Zero, world.Options.RetransmissionTimeout);
}
