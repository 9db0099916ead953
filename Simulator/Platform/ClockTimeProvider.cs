using System;
using System.Threading;
using System.Threading.Tasks;

namespace Simulator.Platform;

/// <summary>
/// A node's clock as a <see cref="TimeProvider"/>, for services and libraries that are written against the BCL: UTC is the wall
/// clock, timestamps are the monotonic one, timers fire as events of the node's loop. Use it on that loop only.
/// </summary>
public sealed class ClockTimeProvider(Node node) : TimeProvider
{
    private const long MicrosPerSecond = 1_000_000;

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
        // Delays and timed cancellations of the BCL complete tasks here, awaited perhaps with ConfigureAwait(false).
        var isOfBcl = state is Task or CancellationTokenSource;
        Action fire = isOfBcl
            ? () => LoopSynchronizationContext.RunWithout(() => callback(state))
            : () => node.Loop.SynchronizationContext.Run(() => callback(state));
        var timer = new ClockTimer(node.Clock, fire);
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

        public ValueTask DisposeAsync()
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
