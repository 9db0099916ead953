using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Tests.Simulator.Platform;

/// <summary>A loop driven by hand on the test's thread, whose clock jumps from event to event.</summary>
internal sealed class ManualLoop : IClock
{
    private readonly TimingWheel _wheel = new();

    public ManualLoop(bool catchUnhandled = true)
    {
        Loop = new Loop("manual", _wheel);
        if (catchUnhandled) Loop.UnhandledException = Unhandled.Add;
    }

    public Loop Loop { get; }

    public List<Exception> Unhandled { get; } = [];

    public long MonotonicMicros => _wheel.NowMicros;

    public long WallMillis => 0;

    public void Arm(LoopEvent item, TimeSpan delay) => Loop.Schedule(item, MonotonicMicros + (long)delay.TotalMicroseconds);

    /// <summary>Starts a task in an event of its own, without firing anything else.</summary>
    public void Start(Func<LoopTask> work) => Loop.Run(() => Loop.Spawn(work()));

    /// <summary>Fires all events until none is left.</summary>
    public void Drain()
    {
        while (_wheel.TakeNext(long.MaxValue) is { } item) Loop.Run(item);
    }

    /// <summary>Starts a task and fires all events until none is left.</summary>
    public void Run(Func<LoopTask> work)
    {
        Start(work);
        Drain();
    }
}
