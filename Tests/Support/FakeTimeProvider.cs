using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;

namespace Tests.Support;

/// <summary>
/// A clock that moves only when told to. Stands in for Microsoft.Extensions.Time.Testing.FakeTimeProvider, with its names:
/// timers fire inside <see cref="Advance"/> and <see cref="SetUtcNow"/>, in the order of their due times and, at the same
/// time, of their arming; they see the time that was advanced to.
/// </summary>
public sealed class FakeTimeProvider : TimeProvider
{
    private readonly List<FakeTimer> _armed = [];
    private readonly Lock _gate = new();
    private DateTimeOffset _now;
    private long _sequence;
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;

    /// <summary>A clock that stands at midnight of 1 January 2000, UTC.</summary>
    public FakeTimeProvider()
        : this(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>A clock that stands at the given time.</summary>
    public FakeTimeProvider(DateTimeOffset startDateTime)
    {
        Start = startDateTime;
        _now = startDateTime;
    }

    /// <summary>The time at which the clock was made.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>By how much each look at the time moves the clock; zero unless set.</summary>
    public TimeSpan AutoAdvanceAmount { get; set; }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => _zone;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        DateTimeOffset seen;
        lock (_gate)
        {
            seen = _now;
            _now += AutoAdvanceAmount;
        }

        FireDue();
        return seen;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Moves the clock forward and fires what falls due.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative.</exception>
    public void Advance(TimeSpan delta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delta, TimeSpan.Zero);
        lock (_gate)
            _now += delta;
        FireDue();
    }

    /// <summary>Sets the clock to a later time and fires what falls due.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time lies before the present one.</exception>
    public void SetUtcNow(DateTimeOffset value)
    {
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, _now);
            _now = value;
        }

        FireDue();
    }

    /// <summary>Sets the local time zone, UTC until then.</summary>
    public void SetLocalTimeZone(TimeZoneInfo localTimeZone) => _zone = localTimeZone;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <inheritdoc/>
    public override string ToString() => _now.ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture);

    internal bool Arm(FakeTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _armed.Remove(timer);
            if (timer.Disposed)
                return false;
            timer.Period = period > TimeSpan.Zero ? period : null;
            if (dueTime != Timeout.InfiniteTimeSpan)
                Add(timer, _now + dueTime);
        }

        FireDue();
        return true;
    }

    internal void Disarm(FakeTimer timer)
    {
        lock (_gate)
        {
            timer.Disposed = true;
            _armed.Remove(timer);
        }
    }

    private void FireDue()
    {
        while (TakeDue() is { } timer)
            timer.Fire();
    }

    private FakeTimer? TakeDue()
    {
        lock (_gate)
        {
            FakeTimer? first = null;
            foreach (var timer in _armed)
            {
                if (first is null || timer.Due < first.Due || (timer.Due == first.Due && timer.Sequence < first.Sequence))
                    first = timer;
            }

            if (first is null || first.Due > _now)
                return null;
            _armed.Remove(first);
            if (first.Period is { } period)
                Add(first, first.Due + period);
            return first;
        }
    }

    private void Add(FakeTimer timer, DateTimeOffset due)
    {
        timer.Due = due;
        timer.Sequence = _sequence++;
        _armed.Add(timer);
    }
}
