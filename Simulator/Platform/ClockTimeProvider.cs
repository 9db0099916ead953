using System;
using System.Threading;

namespace Simulator.Platform;

/// <summary>
/// A node's clock as a <see cref="TimeProvider"/>, for services and libraries that are written against the BCL: UTC is the wall
/// clock, timestamps are the monotonic one, timers fire as events of the node's loop. Use it on that loop only.
/// </summary>
public sealed class ClockTimeProvider(Node node) : TimeProvider
{
    private const long MicrosPerSecond = 1_000_000;
    private readonly LoopSynchronizationContext _context = new(node.Loop);

    /// <inheritdoc/>
    public override long TimestampFrequency => MicrosPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp() => node.Clock.MonotonicMicros;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(node.Clock.WallMillis);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ClockTimer(node.Clock, () => _context.Run(() => callback(state)));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ClockTimer(IClock clock, Action callback) : ITimer
    {
        private LoopTimer? _armed;
        private TimeSpan _period;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed) return false;
            _period = period;
            _armed?.Cancel();
            _armed = dueTime == Timeout.InfiniteTimeSpan ? null : clock.Schedule(dueTime, Fire);
            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            _armed?.Cancel();
        }

        public System.Threading.Tasks.ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Fire()
        {
            _armed = _period > TimeSpan.Zero ? clock.Schedule(_period, Fire) : null;
            callback();
        }
    }
}
