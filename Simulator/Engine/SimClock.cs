using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;

namespace Simulator.Engine;

/// <summary>A machine's clock: true time made faster or slower by a drift, and a wall time that is off by an offset.</summary>
public sealed class SimClock : IClock
{
    private const long LongestUptimeMicros = 40L * 24 * 3600 * 1_000_000;
    private const int SlowestPpm = 900_000;
    private readonly SimWorld _world;
    private readonly RandomStream _random;
    private readonly EffectsInForce<int> _drift;
    private readonly EffectsInForce<long> _offsetMicros = new(0, static (a, b) => Math.Abs(b) > Math.Abs(a) ? b : a);
    private int _ownDriftPpm;
    private long _baseWorld;
    private long _baseLocal;
    private long _wallOffsetMicros;

    internal SimClock(SimWorld world, string machine)
    {
        _world = world;
        _random = world.Random(machine + "/clock");
        _drift = new EffectsInForce<int>(0, static (a, b) => Math.Abs(b) > Math.Abs(a) ? b : a, _ => ChangeSpeed());
        Boot();
    }

    /// <summary>How much faster than true time it runs, in parts per million; may be negative.</summary>
    public int DriftPpm { get; private set; }

    /// <inheritdoc/>
    public long MonotonicMicros => LocalAt(_world.NowMicros);

    /// <inheritdoc/>
    public long WallMillis => _world.Options.WallEpochMillis + ((MonotonicMicros + _wallOffsetMicros + _offsetMicros.Value) / 1000);

    /// <summary>Lets the clock run at another speed from now on, faults apart: what its crystal is worth.</summary>
    public void SetDrift(int ppm)
    {
        _ownDriftPpm = ppm;
        ChangeSpeed();
    }

    /// <summary>Adds a drift to the clock's own until the effect ends; of several the strongest holds.</summary>
    public FaultEffect Drift(int ppm) => _drift.Begin(ppm);

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

    /// <summary>Puts the wall clock off by a span, in either direction, until the effect ends; of several the farthest holds.</summary>
    public FaultEffect Offset(TimeSpan by) => _offsetMicros.Begin((long)by.TotalMicroseconds);

    /// <summary>Puts drift and wall time right, the clock's own drift too.</summary>
    public void Correct()
    {
        _drift.Clear();
        _offsetMicros.Clear();
        SetDrift(0);
        _wallOffsetMicros = _world.NowMicros - MonotonicMicros;
    }

    /// <inheritdoc/>
    public void Arm(LoopEvent item, TimeSpan delay)
    {
        var loop = item.Owner is { IsRunning: true } owner ? owner : Loop.Current;
        var local = Math.Max(0, delay.Ticks / TimeSpan.TicksPerMicrosecond); // not TotalMicroseconds: dividing as doubles takes ten times as long
        item.FollowsClock = true;
        loop.ScheduleOwn(item, _world.NowMicros + ToWorld(local));
    }

    // What was armed at the old speed is due at the same reading of this clock as before.
    private void ChangeSpeed()
    {
        var ppm = Math.Clamp(_ownDriftPpm + _drift.Value, -SlowestPpm, SlowestPpm);
        if (ppm == DriftPpm) return;
        var armed = ArmedEvents().Select(item => (Item: item, Local: LocalAt(item.DueMicros))).ToList();
        _baseLocal = MonotonicMicros;
        _baseWorld = _world.NowMicros;
        DriftPpm = ppm;
        foreach (var (item, local) in armed)
        {
            var loop = item.Owner!;
            loop.Cancel(item);
            loop.Schedule(item, _world.NowMicros + ToWorld(Math.Max(0, local - _baseLocal)));
        }
    }

    private IEnumerable<LoopEvent> ArmedEvents()
    {
        var scheduled = new List<LoopEvent>();
        _world.Wheel.CopyTo(scheduled);
        return scheduled.Where(Moves).OrderBy(item => item.DueMicros);
    }

    private bool Moves(LoopEvent item) =>
        item.FollowsClock && item.Owner is { IsAlive: true, Tag: SimProcess process } && process.Machine.Clock == this && !process.HoldsBack(item);

    private long LocalAt(long world) => _baseLocal + ToLocal(world - _baseWorld);

    private long ToLocal(long world) => world + (long)(world / 1_000_000.0 * DriftPpm);

    // Rounded up, so that a delay never ends early on the clock that asked for it.
    private long ToWorld(long local) => DriftPpm == 0 ? local : (long)Math.Ceiling(local / (1.0 + (DriftPpm / 1_000_000.0))) + 1;
}
