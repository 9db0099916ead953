using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Platform;

/// <summary>The timing wheel against a sorted list with first-in-first-out ties.</summary>
public sealed class TimingWheelTests
{
    [Fact]
    public void Events_come_in_order_of_time_and_then_of_insertion()
    {
        var wheel = new TimingWheel();
        var items = new[] { 70L, 5, 70, 5, 4096, 64, 63, 0 }.Select(due => (Due: due, Event: new Probe())).ToList();
        foreach (var (due, item) in items) wheel.Add(item, due);
        var expected = items.OrderBy(i => i.Due).Select(i => i.Event); // a stable sort
        Assert.Equal(expected, TakeAll(wheel, long.MaxValue));
        Assert.Equal(4096, wheel.NowMicros);
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void Ties_stay_in_order_across_levels()
    {
        var wheel = new TimingWheel();
        var far = new Probe();
        var stepping = new Probe();
        var near = new Probe();
        wheel.Add(far, 5000);
        wheel.Add(stepping, 4990);
        Assert.Same(stepping, wheel.TakeNext(long.MaxValue));
        wheel.Add(near, 5000);
        Assert.Equal([far, near], TakeAll(wheel, long.MaxValue));
    }

    [Fact]
    public void Nothing_beyond_the_limit_is_given_and_the_present_stays_before_it()
    {
        var wheel = new TimingWheel();
        var item = new Probe();
        wheel.Add(item, 1000);
        Assert.Null(wheel.TakeNext(999));
        Assert.True(wheel.NowMicros <= 999);
        Assert.Same(item, wheel.TakeNext(1000));
    }

    [Fact]
    public void A_due_time_in_the_past_means_now()
    {
        var wheel = new TimingWheel();
        wheel.Add(new Probe(), 500);
        wheel.TakeNext(long.MaxValue);
        var late = new Probe();
        wheel.Add(late, 3);
        Assert.Equal(500, late.DueMicros);
        Assert.Same(late, wheel.TakeNext(500));
    }

    [Fact]
    public void The_farthest_future_fits()
    {
        var wheel = new TimingWheel();
        var last = new Probe();
        var beforeLast = new Probe();
        wheel.Add(last, long.MaxValue);
        wheel.Add(beforeLast, long.MaxValue - 1);
        Assert.Null(wheel.TakeNext(long.MaxValue - 2));
        Assert.Same(beforeLast, wheel.TakeNext(long.MaxValue));
        Assert.Same(last, wheel.TakeNext(long.MaxValue));
        Assert.Equal(long.MaxValue, wheel.NextWakeupMicros());
    }

    [Fact]
    public void An_event_is_scheduled_once_at_a_time_and_can_be_used_again()
    {
        var wheel = new TimingWheel();
        var item = new Probe();
        wheel.Remove(item); // nothing happens
        wheel.Add(item, 10);
        Assert.Throws<InvalidOperationException>(() => wheel.Add(item, 20));
        wheel.Remove(item);
        Assert.False(item.IsScheduled);
        wheel.Add(item, 20);
        Assert.Same(item, wheel.TakeNext(20));
        Assert.False(item.IsScheduled);
    }

    [Fact]
    public void It_agrees_with_a_sorted_list()
    {
        var step = Gen.Frequency(
            (5, from bits in Gen.Choose(0, 40) from low in Gen.Choose(0, int.MaxValue) select new Step(StepKind.Add, ((1L << bits) - 1) & (low * 977L))),
            (2, from index in Gen.Choose(0, 1000) select new Step(StepKind.Remove, index)),
            (4, from bits in Gen.Choose(0, 40) from low in Gen.Choose(0, int.MaxValue) select new Step(StepKind.Advance, ((1L << bits) - 1) & (low * 977L))),
            (1, Gen.Constant(new Step(StepKind.TakeOne, 0))));
        Prop.ForAll(Gen.ListOf(step).ToArbitrary(), steps => Agrees(steps)).QuickCheckThrowOnFailure();
    }

    private static void Agrees(IEnumerable<Step> steps)
    {
        var wheel = new TimingWheel();
        var model = new List<(long Due, Probe Event)>(); // ordered by due time, ties by insertion
        long now = 0;
        foreach (var step in steps)
        {
            switch (step.Kind)
            {
                case StepKind.Add:
                    var item = new Probe();
                    var due = wheel.NowMicros + step.Value;
                    wheel.Add(item, due);
                    var at = model.FindLastIndex(entry => entry.Due <= due) + 1;
                    model.Insert(at, (due, item));
                    break;
                case StepKind.Remove when model.Count > 0:
                    var victim = (int)(step.Value % model.Count);
                    wheel.Remove(model[victim].Event);
                    model.RemoveAt(victim);
                    break;
                case StepKind.Advance:
                    now += step.Value;
                    var expected = model.TakeWhile(entry => entry.Due <= now).Select(entry => entry.Event).ToList();
                    model.RemoveRange(0, expected.Count);
                    Assert.Equal(expected, TakeAll(wheel, now));
                    break;
                case StepKind.TakeOne when model.Count > 0:
                    Assert.Same(model[0].Event, wheel.TakeNext(long.MaxValue));
                    now = Math.Max(now, model[0].Due);
                    model.RemoveAt(0);
                    break;
            }

            Assert.Equal(model.Count, wheel.Count);
            if (model.Count == 0) Assert.Equal(long.MaxValue, wheel.NextWakeupMicros());
            else Assert.InRange(wheel.NextWakeupMicros(), wheel.NowMicros, model[0].Due);
        }
    }

    private static List<LoopEvent> TakeAll(TimingWheel wheel, long limit)
    {
        var taken = new List<LoopEvent>();
        while (wheel.TakeNext(limit) is { } item)
        {
            Assert.True(wheel.NowMicros <= limit);
            Assert.Equal(item.DueMicros, wheel.NowMicros);
            taken.Add(item);
        }

        return taken;
    }

    private enum StepKind
    {
        Add,
        Remove,
        Advance,
        TakeOne,
    }

    private sealed record Step(StepKind Kind, long Value);

    private sealed class Probe : LoopEvent
    {
        protected override void Fire()
        {
        }
    }
}
