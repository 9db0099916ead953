using System;
using System.Collections.Generic;
using Simulator.Engine;
using Simulator.Engine.Faults;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine.Faults;

/// <summary>Disks and clocks: what each fault does to them, and that it ends.</summary>
public class DeviceFaultTests
{
    private static readonly TimeSpan s_healthyWrite = new WorldOptions().DiskLatency.Max;

    [Fact]
    public void A_slow_disk_takes_many_times_as_long_until_the_fault_ends()
    {
        var world = new PingWorld("a");
        var slow = world.Inject(new SlowDisk(), "a");
        var factor = world["a"].Disk.SlowFactor;
        Assert.InRange(factor, 5, 199);
        Assert.InRange(world.TimeOfWrite("a"), new WorldOptions().DiskLatency.Min * factor, s_healthyWrite * factor);
        slow.End();
        Assert.True(world.TimeOfWrite("a") <= s_healthyWrite);
    }

    [Fact]
    public void A_stalled_disk_answers_nothing_until_the_stall_is_over_and_then_is_healthy()
    {
        var world = new PingWorld("a");
        world.Inject(new StalledDisk(), "a");
        var end = world["a"].Disk.StalledUntilMicros;
        Assert.InRange(end - world.World.NowMicros, 50_000, 8_000_000);
        world.TimeOfWrite("a");
        Assert.True(world.World.NowMicros >= end);
        Assert.True(world.TimeOfWrite("a") <= s_healthyWrite);
    }

    [Fact]
    public void A_clock_jump_moves_the_wall_clock_at_once_and_monotonic_time_not_at_all()
    {
        var world = new PingWorld("a");
        var clock = world["a"].Clock;
        var (wall, monotonic) = (clock.WallMillis, clock.MonotonicMicros);
        world.Inject(new ClockJump(), "a");
        Assert.InRange(Math.Abs(clock.WallMillis - wall), 10, 600_000);
        Assert.Equal(monotonic, clock.MonotonicMicros);
        clock.Correct();
        Assert.Equal(wall, clock.WallMillis);
    }

    [Fact]
    public void A_clock_offset_puts_the_wall_clock_off_until_it_ends_and_monotonic_time_not_at_all()
    {
        var directions = new SortedSet<int>();
        for (var i = 0; i < 20; i++)
        {
            var world = new PingWorld("a", (ulong)i);
            var clock = world["a"].Clock;
            var (wall, monotonic) = (clock.WallMillis, clock.MonotonicMicros);
            var offset = world.Inject(new ClockOffset { Distance = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)) }, "a");
            Assert.InRange(Math.Abs(clock.WallMillis - wall), 1_000, 2_000);
            Assert.Equal(monotonic, clock.MonotonicMicros);
            directions.Add(Math.Sign(clock.WallMillis - wall));
            offset.End();
            Assert.Equal(wall, clock.WallMillis);
        }

        Assert.Equal([-1, 1], directions);
    }

    [Fact]
    public void A_drifting_clock_runs_at_another_speed_until_the_fault_ends()
    {
        var world = new PingWorld("a");
        var clock = world["a"].Clock;
        var drift = world.Inject(new ClockDrift(), "a");
        Assert.NotEqual(0, clock.DriftPpm);
        Assert.Equal(10_000_000 + (10L * clock.DriftPpm), Elapsed(), 1.0);
        drift.End();
        Assert.Equal(10_000_000, Elapsed(), 1.0);

        double Elapsed()
        {
            var begin = clock.MonotonicMicros;
            world.World.RunFor(TimeSpan.FromSeconds(10));
            return clock.MonotonicMicros - begin;
        }
    }

    [Fact]
    public void Of_two_slownesses_the_greater_holds_and_the_end_of_one_leaves_the_other()
    {
        var world = new PingWorld("a");
        var disk = world["a"].Disk;
        var (great, small) = (disk.Slow(50), disk.Slow(10));
        Assert.Equal(50, disk.SlowFactor);
        great.End();
        great.End();
        Assert.Equal(10, disk.SlowFactor);
        small.End();
        Assert.Equal(1, disk.SlowFactor);
    }

    [Fact]
    public void Of_two_drifts_the_stronger_holds_beside_the_clocks_own_and_the_end_of_one_leaves_the_other()
    {
        var clock = new PingWorld("a")["a"].Clock;
        clock.SetDrift(7);
        var (weak, strong) = (clock.Drift(100), clock.Drift(-500));
        Assert.Equal(-493, clock.DriftPpm);
        strong.End();
        Assert.Equal(107, clock.DriftPpm);
        weak.End();
        Assert.Equal(7, clock.DriftPpm);
    }

    [Fact]
    public void A_stall_holds_back_what_is_under_way_and_a_heal_ends_it_at_once()
    {
        var world = new SimWorld(1);
        var machine = world.AddMachine("a");
        long ended = -1;
        machine.Start(async node =>
        {
            var file = await node.Disk.Open("file", OpenMode.OpenOrCreate);
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            await file.Sync();
            ended = world.NowMicros;
            await new LoopPromise<Nothing>().Task;
        });
        Assert.True(world.RunUntil(() => world.NowMicros >= 1_000_000, TimeSpan.FromSeconds(2)));
        machine.Disk.Stall(TimeSpan.FromSeconds(30));
        machine.Disk.Stall(TimeSpan.FromSeconds(60));
        world.RunFor(TimeSpan.FromSeconds(40));
        Assert.Equal(-1, ended);
        machine.Disk.Heal();
        var healed = world.NowMicros;
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(healed, ended);
    }
}
