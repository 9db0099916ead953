using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine;

/// <summary>A machine's clock under drift and jumps: the wall may do what it likes, monotonic time never goes back and no delay ends early.</summary>
public class SimClockTests
{
    private enum Step
    {
        Wait,
        Drift,
        Jump,
        Correct,
    }

    private static readonly Gen<(Step, int)> s_step = Gen.Zip(Gen.Elements(Enum.GetValues<Step>()), Gen.Choose(-200_000, 200_000));

    [Fact]
    public void Monotonic_time_never_goes_back_and_keeps_the_drift_that_was_set() =>
        Prop.ForAll(Arb.From(Gen.ListOf(s_step)), steps => CheckMonotonic(steps)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_delay_never_ends_early_on_the_clock_that_asked_for_it() =>
        Prop.ForAll(
            Arb.From(Gen.Zip(Gen.Choose(-200_000, 200_000), Gen.Choose(0, 20_000_000))),
            pair => CheckDelay(pair.Item1, pair.Item2)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_delay_ends_when_its_clock_says_so_though_the_drift_changes_meanwhile() =>
        Prop.ForAll(
            Arb.From(Gen.ListOf(Gen.Zip(Gen.Choose(-200_000, 200_000), Gen.Choose(0, 3_000_000)))),
            drifts => CheckDelayUnder(drifts)).QuickCheckThrowOnFailure();

    private static void CheckDelayUnder(IEnumerable<(int Ppm, int AfterMicros)> drifts)
    {
        const int Asked = 5_000_000;
        var world = new SimWorld(1);
        var machine = world.AddMachine("a");
        long took = -1;
        machine.Start(async node =>
        {
            var begin = node.Clock.MonotonicMicros;
            await node.Clock.Delay(TimeSpan.FromMicroseconds(Asked));
            took = node.Clock.MonotonicMicros - begin;
        });
        foreach (var (ppm, after) in drifts)
        {
            world.RunFor(TimeSpan.FromMicroseconds(after));
            machine.Clock.SetDrift(ppm);
        }

        world.RunFor(TimeSpan.FromSeconds(60));
        Assert.InRange(took, Asked, Asked + 3 + (3 * drifts.Count()));
    }

    private static void CheckMonotonic(IEnumerable<(Step Step, int Number)> steps)
    {
        var world = new SimWorld(1);
        var clock = world.AddMachine("a").Clock;
        var expected = (double)clock.MonotonicMicros;
        var before = clock.MonotonicMicros;
        foreach (var (step, number) in steps)
        {
            switch (step)
            {
                case Step.Wait:
                    world.RunFor(TimeSpan.FromMicroseconds(Math.Abs(number)));
                    expected += Math.Abs(number) * (1 + (clock.DriftPpm / 1e6));
                    break;
                case Step.Drift:
                    clock.SetDrift(number);
                    break;
                case Step.Jump:
                    clock.JumpWall(TimeSpan.FromMilliseconds(number));
                    break;
                default:
                    clock.Correct();
                    Assert.Equal(world.Options.WallEpochMillis + (world.NowMicros / 1000), clock.WallMillis);
                    break;
            }

            Assert.True(clock.MonotonicMicros >= before);
            before = clock.MonotonicMicros;
        }

        Assert.Equal(expected, clock.MonotonicMicros, steps.Count() + 1.0); // a microsecond is rounded away with each change of speed
    }

    private static void CheckDelay(int ppm, int micros)
    {
        var world = new SimWorld(1);
        var machine = world.AddMachine("a");
        machine.Clock.SetDrift(ppm);
        long took = -1;
        machine.Start(async node =>
        {
            var begin = node.Clock.MonotonicMicros;
            await node.Clock.Delay(TimeSpan.FromMicroseconds(micros));
            took = node.Clock.MonotonicMicros - begin;
        });
        world.RunFor(TimeSpan.FromSeconds(60));
        Assert.InRange(took, micros, micros + 3);
    }
}
