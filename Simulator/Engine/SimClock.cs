using System;
using Simulator.Platform;

namespace Simulator.Engine;

/// <summary>A machine's clock: true time made faster or slower by a drift, and a wall time that is off by an offset.</summary>
public sealed class SimClock : IClock
{
    private const long LongestUptimeMicros = 40L * 24 * 3600 * 1_000_000;
    private readonly SimWorld _world;
    private readonly RandomStream _random;
    private long _baseWorld;
    private long _baseLocal;
    private long _wallOffsetMicros;

    internal SimClock(SimWorld world, string machine)
    {
        _world = world;
        _random = world.Random(machine + "/clock");
        Boot();
    }

    /// <summary>How much faster than true time it runs, in parts per million; may be negative.</summary>
    public int DriftPpm { get; private set; }

    /// <inheritdoc/>
    public long MonotonicMicros => _baseLocal + ToLocal(_world.NowMicros - _baseWorld);

    /// <inheritdoc/>
    public long WallMillis => _world.Options.WallEpochMillis + ((MonotonicMicros + _wallOffsetMicros) / 1000);

    /// <summary>Lets the clock run at another speed from now on.</summary>
    public void SetDrift(int ppm)
    {
        _baseLocal = MonotonicMicros;
        _baseWorld = _world.NowMicros;
        DriftPpm = ppm;
    }

    /// <summary>The machine starts: monotonic time counts from another instant than before and than elsewhere; wall time goes on.</summary>
    internal void Boot()
    {
        var before = MonotonicMicros;
        _baseWorld = _world.NowMicros;
        _baseLocal = _random.NextInt64(1, LongestUptimeMicros);
        _wallOffsetMicros += before - _baseLocal;
    }

    /// <summary>Moves the wall clock by a span, in either direction; monotonic time does not notice.</summary>
    public void JumpWall(TimeSpan by) => _wallOffsetMicros += (long)by.TotalMicroseconds;

    /// <summary>Puts drift and offset right.</summary>
    public void Correct()
    {
        SetDrift(0);
        _wallOffsetMicros = _world.NowMicros - MonotonicMicros;
    }

    /// <inheritdoc/>
    public void Arm(LoopEvent item, TimeSpan delay)
    {
        var local = Math.Max(0, (long)delay.TotalMicroseconds);
        Loop.Current.Schedule(item, _world.NowMicros + ToWorld(local));
    }

    private long ToLocal(long world) => world + (long)(world / 1_000_000.0 * DriftPpm);

    // Rounded up, so that a delay never ends early on the clock that asked for it.
    private long ToWorld(long local) => DriftPpm == 0 ? local : (long)Math.Ceiling(local / (1.0 + (DriftPpm / 1_000_000.0))) + 1;
}
