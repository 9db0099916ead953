using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Tests.Support;

/// <summary>The stand-in for the FakeTimeProvider of Microsoft.Extensions.TimeProvider.Testing.</summary>
public sealed class FakeTimeProviderTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void Time_stands_until_it_is_advanced()
    {
        Assert.Equal(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), _clock.GetUtcNow());
        var before = _clock.GetTimestamp();

        _clock.Advance(TimeSpan.FromMilliseconds(1500));

        Assert.Equal(TimeSpan.FromMilliseconds(1500), _clock.GetElapsedTime(before));
        Assert.Equal("2000-01-01T00:00:01.500", _clock.ToString());
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times_and_then_of_their_arming()
    {
        using var late = Timer("late", 30);
        using var first = Timer("first", 10);
        using var second = Timer("second", 10);
        using var never = Timer("never", 31);

        _clock.Advance(TimeSpan.FromMilliseconds(30));

        Assert.Equal(["first", "second", "late"], _fired);
    }

    [Fact]
    public void A_periodic_timer_fires_once_a_period_between_others()
    {
        using var tick = Timer("tick", 10, 10);
        using var once = Timer("once", 15);

        _clock.Advance(TimeSpan.FromMilliseconds(30));

        Assert.Equal(["tick", "once", "tick", "tick"], _fired);
    }

    [Fact]
    public void A_changed_timer_forgets_its_old_due_time_and_a_disposed_one_all()
    {
        using var moved = Timer("moved", 10);
        var gone = Timer("gone", 10);
        Assert.True(moved.Change(TimeSpan.FromMilliseconds(20), Timeout.InfiniteTimeSpan));
        gone.Dispose();
        Assert.False(gone.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));

        _clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Empty(_fired);
        _clock.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(["moved"], _fired);
    }

    [Fact]
    public void A_timer_armed_while_another_fires_falls_due_in_the_same_advance()
    {
        using var outer = _clock.CreateTimer(
            _ => Timer("inner", 0), null, TimeSpan.FromMilliseconds(5), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromMilliseconds(5));

        Assert.Equal(["inner"], _fired);
    }

    [Fact]
    public async Task Delays_of_the_base_library_follow_the_clock()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(5), _clock);
        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.False(delay.IsCompleted);

        _clock.SetUtcNow(_clock.Start + TimeSpan.FromMinutes(5));

        await delay;
    }

    [Fact]
    public void Time_does_not_go_back()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.SetUtcNow(_clock.Start - TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Looking_moves_the_clock_where_that_is_asked_for()
    {
        _clock.AutoAdvanceAmount = TimeSpan.FromSeconds(1);

        Assert.Equal(TimeSpan.FromSeconds(1), -(_clock.GetUtcNow() - _clock.GetUtcNow()));
    }

    private ITimer Timer(string name, int dueMs, int periodMs = Timeout.Infinite) => _clock.CreateTimer(
        _ => _fired.Add(name), null, TimeSpan.FromMilliseconds(dueMs), TimeSpan.FromMilliseconds(periodMs));
}
