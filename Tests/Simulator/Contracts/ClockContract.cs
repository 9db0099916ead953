using System;
using System.Collections.Generic;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Contracts;

/// <summary>What <see cref="IClock"/> promises.</summary>
public abstract class ClockContract(IContractWorld world) : ContractTests(world)
{
    [Fact]
    public void Monotonic_time_never_falls() => World.Run(async a =>
    {
        var last = a.Clock.MonotonicMicros;
        for (var i = 0; i < 20; i++)
        {
            await a.Clock.Delay(TimeSpan.FromMicroseconds(i * 50));
            var now = a.Clock.MonotonicMicros;
            Assert.True(now >= last);
            last = now;
        }
    });

    [Fact]
    public void A_delay_is_never_too_short() => World.Run(async a =>
    {
        foreach (var micros in new[] { 1, 63, 64, 65, 999, 1000, 4096, 7321 })
        {
            var start = a.Clock.MonotonicMicros;
            await a.Clock.Delay(TimeSpan.FromMicroseconds(micros));
            Assert.True(a.Clock.MonotonicMicros - start >= micros);
        }
    });

    [Fact]
    public void A_delay_of_zero_or_less_ends_too() => World.Run(async a =>
    {
        await a.Clock.Delay(TimeSpan.Zero);
        await a.Clock.Delay(TimeSpan.FromSeconds(-5));
    });

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times() => World.Run(async a =>
    {
        var order = new List<int>();
        a.Clock.Schedule(TimeSpan.FromMilliseconds(30), () => order.Add(3));
        a.Clock.Schedule(TimeSpan.FromMilliseconds(10), () => order.Add(1));
        a.Clock.Schedule(TimeSpan.FromMilliseconds(20), () => order.Add(2));
        await a.Clock.Delay(TimeSpan.FromMilliseconds(40));
        Assert.Equal([1, 2, 3], order);
    });

    [Fact]
    public void Timers_armed_for_the_same_span_fire_first_in_first_out() => World.Run(async a =>
    {
        var order = new List<int>();
        for (var i = 0; i < 50; i++)
        {
            var number = i;
            a.Clock.Schedule(TimeSpan.FromMilliseconds(5), () => order.Add(number));
        }

        await a.Clock.Delay(TimeSpan.FromMilliseconds(10));
        Assert.Equal(50, order.Count);
        for (var i = 0; i < 50; i++) Assert.Equal(i, order[i]);
    });

    [Fact]
    public void A_cancelled_timer_does_not_fire() => World.Run(async a =>
    {
        var fired = false;
        var timer = a.Clock.Schedule(TimeSpan.FromMilliseconds(5), () => fired = true);
        Assert.True(timer.IsScheduled);
        timer.Cancel();
        Assert.False(timer.IsScheduled);
        await a.Clock.Delay(TimeSpan.FromMilliseconds(10));
        Assert.False(fired);
        timer.Cancel(); // nothing happens
    });

    [Fact]
    public void A_timer_far_in_the_future_does_no_harm() => World.Run(async a =>
    {
        var timer = a.Clock.Schedule(TimeSpan.MaxValue, () => Assert.Fail("It fired."));
        await a.Clock.Delay(TimeSpan.FromMilliseconds(2));
        Assert.True(timer.IsScheduled);
        timer.Cancel();
    });

    [Fact]
    public void Wall_time_is_a_plausible_date() => World.Run(a =>
    {
        var date = DateTimeOffset.FromUnixTimeMilliseconds(a.Clock.WallMillis);
        Assert.InRange(date.Year, 2020, 2100);
        return LoopTask.Completed;
    });
}
