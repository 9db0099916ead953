using System;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>The machine's clocks: the monotonic one counts from the start of the loop.</summary>
public sealed class HostClock(HostLoop loop) : IClock
{
    /// <inheritdoc/>
    public long MonotonicMicros => loop.NowMicros;

    /// <inheritdoc/>
    public long WallMillis => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public void Arm(LoopEvent item, TimeSpan delay)
    {
        var now = loop.NowMicros;
        var micros = (delay.Ticks / TimeSpan.TicksPerMicrosecond) + (delay.Ticks % TimeSpan.TicksPerMicrosecond > 0 ? 1 : 0);
        loop.Loop.Schedule(item, micros > long.MaxValue - now ? long.MaxValue : now + micros);
    }
}
