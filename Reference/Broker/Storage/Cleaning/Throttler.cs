using System;
using Simulator.Platform;

namespace Reference.Broker.Storage.Cleaning;

/// <summary>Keeps work below a rate: whoever has done some is to wait until so much may have been done.</summary>
internal sealed class Throttler(IClock clock, double unitsPerSecond)
{
    private const double LeastPauseMicros = 1_000;

    private double _allowedAtMicros;

    /// <summary>Counts work done; gives how long to wait until it was allowed.</summary>
    public TimeSpan Done(long units)
    {
        var now = clock.MonotonicMicros;
        _allowedAtMicros = Math.Max(_allowedAtMicros, now) + (units * 1e6 / unitsPerSecond);
        var pause = _allowedAtMicros - now;
        return pause < LeastPauseMicros ? TimeSpan.Zero : TimeSpan.FromMicroseconds(pause);
    }
}
