using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Simulator.Engine;
using Simulator.Engine.Faults;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine.Faults;

/// <summary>The ways in which a process stops, what its peers and its disk notice of it, and how it comes back.</summary>
public class ProcessFaultTests
{
    private static readonly TimeSpan s_while = TimeSpan.FromSeconds(2);

    [Fact]
    public void A_crashed_process_is_reset_towards_its_peers_and_started_again()
    {
        var world = new PingWorld("ab");
        var crash = world.Inject(new ProcessCrash(), "a");
        Assert.Equal((false, true), (world["a"].IsUp, world["a"].HasPower));
        Assert.Equal("", world.HeardWithin(s_while));
        Assert.Equal(2, world.Resets); // b's end of each connection; who died sees nothing
        crash.End();
        Assert.Equal(2, world["a"].Process!.Incarnation);
        Assert.Equal("a>b b>a", world.HeardWithin(s_while));
    }

    [Fact]
    public void A_machine_without_power_leaves_its_peers_in_the_dark_until_it_is_back()
    {
        var world = new PingWorld("ab");
        var loss = world.Inject(new PowerLoss(), "a");
        Assert.Equal((false, false), (world["a"].IsUp, world["a"].HasPower));
        Assert.Equal("", world.HeardWithin(s_while));
        Assert.Equal(0, world.Resets);
        loss.End();
        Assert.True(world["a"].HasPower);
        Assert.Equal("a>b b>a", world.HeardWithin(s_while));
    }

    [Theory]
    [InlineData(false, "written")]
    [InlineData(true, "")]
    public void A_crash_keeps_the_page_cache_and_a_power_loss_may_lose_it(bool power, string atLeastOnce)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var world = new SimWorld(seed);
            var machine = world.AddMachine("a");
            machine.Start(async node =>
            {
                var file = await node.Disk.Open("file", OpenMode.OpenOrCreate);
                await file.Write(0, "written"u8.ToArray());
                await new LoopPromise<Nothing>().Task;
            });
            world.RunFor(s_while);
            Fault fault = power ? new PowerLoss() : new ProcessCrash();
            fault.Strike(world, [machine]);
            found.Add(Encoding.UTF8.GetString(machine.Disk.Peek("file")));
        }

        Assert.Contains(atLeastOnce, found);
        Assert.Equal(power, found.Count > 1);
    }

    [Fact]
    public void A_graceful_restart_asks_the_program_and_waits_for_it()
    {
        var world = new SimWorld(1);
        var machine = world.AddMachine("a");
        var stop = new LoopPromise<Nothing>();
        var steps = "";
        machine.Start(async node =>
        {
            steps += "started ";
            await stop.Task;
            await node.Clock.Delay(TimeSpan.FromMilliseconds(50));
            steps += "stopped ";
        });
        world.RunFor(s_while);
        var restart = new GracefulRestart(_ => stop.TrySetResult(default)).Strike(world, [machine])!;
        world.RunFor(TimeSpan.FromMilliseconds(20));
        Assert.True(machine.IsUp, "it still does what a stop in order takes");
        world.RunFor(s_while);
        Assert.False(machine.IsUp);
        stop = new LoopPromise<Nothing>();
        restart.End();
        world.RunFor(s_while);
        Assert.Equal("started stopped started ", steps);
        Assert.Equal(2, machine.Process!.Incarnation);
    }

    [Fact]
    public void A_program_that_stops_after_the_graceful_restart_has_ended_is_started_again_all_the_same()
    {
        var world = new SimWorld(1);
        var machine = world.AddMachine("a");
        var stop = new LoopPromise<Nothing>();
        machine.Start(async node =>
        {
            await stop.Task;
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
        });
        world.RunFor(s_while);
        var restart = new GracefulRestart(_ => stop.TrySetResult(default)).Strike(world, [machine])!;
        world.RunFor(TimeSpan.FromMilliseconds(500));
        restart.End();
        Assert.Equal((true, 1), (machine.IsUp, machine.Incarnations));
        stop = new LoopPromise<Nothing>();
        world.RunFor(s_while);
        Assert.Equal((true, 2), (machine.IsUp, machine.Incarnations));
        machine.Crash();
        world.RunFor(s_while);
        Assert.False(machine.IsUp, "the restart was for one exit");
    }

    [Fact]
    public void The_end_of_a_fault_does_not_start_a_process_that_another_fault_has_stopped()
    {
        var world = new PingWorld("ab");
        var first = world.Inject(new ProcessCrash(), "a");
        world["a"].Restart();
        var second = world.Inject(new PowerLoss(), "a");
        first.End();
        Assert.False(world["a"].IsUp);
        second.End();
        Assert.True(world["a"].IsUp);
    }

    [Fact]
    public void The_longest_of_several_freezes_holds_and_a_thaw_lets_all_that_waited_happen_at_once()
    {
        var world = new PingWorld("ab");
        var process = world["a"].Process!;
        var shorter = world["a"].Freeze(TimeSpan.FromSeconds(20))!;
        world["a"].Freeze(TimeSpan.FromSeconds(60));
        world.World.RunFor(TimeSpan.FromSeconds(10));
        shorter.End();
        Assert.True(process.IsFrozen);
        Assert.Equal("", world.HeardWithin(TimeSpan.FromSeconds(15)));
        world["a"].Thaw();
        Assert.Equal("a>b b>a", world.HeardWithin(TimeSpan.FromMilliseconds(100)));
        Assert.Same(process, world["a"].Process);
    }

    [Fact]
    public void A_frozen_process_sends_nothing_and_loses_nothing()
    {
        var world = new PingWorld("ab");
        world.Inject(new Freeze(), "a");
        Assert.True(world["a"].Process!.IsFrozen);
        Assert.True(world.SlowestWithin(TimeSpan.FromSeconds(15)) >= TimeSpan.FromMilliseconds(90), "what came meanwhile is heard afterwards");
        Assert.False(world["a"].Process!.IsFrozen, "no freeze is longer");
        Assert.Equal("a>b b>a", world.HeardWithin(s_while));
        Assert.Equal((0, 1), (world.Resets, world["a"].Process!.Incarnation));
    }

    [Fact]
    public void A_crash_may_come_after_any_event_so_that_every_await_is_once_the_last()
    {
        const int Awaits = 30;
        var last = new SortedSet<int>();
        for (var events = 1; events <= Awaits; events++)
        {
            var world = new SimWorld(1);
            var machine = world.AddMachine("a");
            var reached = 0;
            machine.Start(async node =>
            {
                for (reached = 0; reached < Awaits; reached++) await node.Clock.Delay(TimeSpan.FromMilliseconds(1));
            });
            var plan = FaultPlan.Of("crash-at-event", s_while, ("machine", "a"), ("outcome", "1"), ("events", FaultPlan.Value(events)));
            var crash = new CrashAtEvent().Apply(world, plan)!;
            Assert.Null(new CrashAtEvent().Apply(world, plan));
            world.RunFor(s_while);
            Assert.Equal((false, false, 1), (machine.IsUp, machine.HasExited, machine.Incarnations));
            last.Add(reached);
            crash.End();
            Assert.Equal((true, 2), (machine.IsUp, machine.Incarnations));
        }

        Assert.Equal(Enumerable.Range(0, Awaits), last);
    }

    [Fact]
    public void A_crash_at_an_event_that_never_comes_is_called_off_with_its_fault()
    {
        var world = new PingWorld("ab");
        var plan = FaultPlan.Of("crash-at-event", s_while, ("machine", "a"), ("outcome", "1"), ("events", "1000"));
        new CrashAtEvent().Apply(world.World, plan)!.End();
        world.World.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal((true, 1), (world["a"].IsUp, world["a"].Incarnations));
        Assert.Empty(world.World.Faults.Effects);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(new CrashAtEvent().Plan(world.World, [world["a"]], world.World.Random("plans"))!.Number("events"), 1, 5_000));
    }

    [Fact]
    public void A_rolling_restart_leaves_each_machine_with_the_configuration_that_it_drew_and_at_most_one_down_at_a_time()
    {
        var world = new SimWorld(1);
        var next = new Dictionary<string, string>(StringComparer.Ordinal);
        var runs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var stops = new Dictionary<string, LoopPromise<Nothing>>(StringComparer.Ordinal);
        foreach (var name in new[] { "a", "b", "c" })
        {
            var machine = world.AddMachine(name);
            next[name] = "old";
            machine.Start(async node =>
            {
                runs[name] = next[name];
                await (stops[name] = new LoopPromise<Nothing>()).Task;
                await node.Clock.Delay(TimeSpan.FromMilliseconds(100));
            });
        }

        world.RunFor(s_while);
        var fault = new RollingRestart(m => stops[m.Name].TrySetResult(default), ["new", "newer"], (m, configuration) => next[m.Name] = configuration);
        var plan = FaultPlan.Of(fault.Kind, TimeSpan.FromSeconds(6), ("machines", "b,a,c"), ("configurations", "newer,new,newer"), ("stepMicros", "2000000"));
        fault.Apply(world, plan);
        world.FindMachine("b")!.Freeze(TimeSpan.FromMilliseconds(500)); // stops late, is started all the same
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("a=old b=newer c=old", Running());
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal("a=new b=newer c=old", Running());
        world.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal("a=new b=newer c=newer", Running());
        Assert.All(world.Machines, m => Assert.Equal((true, 2), (m.IsUp, m.Incarnations)));

        var drawn = fault.Plan(world, world.Machines, world.Random("plans"))!;
        Assert.Equal(3, drawn.Machines(world, "machines").Count);
        Assert.Throws<FaultPlanException>(() => fault.Apply(world, FaultPlan.Of(fault.Kind, s_while, ("machines", "a"), ("configurations", "unheard-of"), ("stepMicros", "1"))));

        string Running() => string.Join(' ', runs.Select(r => $"{r.Key}={r.Value}"));
    }

    [Fact]
    public void Faults_of_processes_find_nothing_to_do_where_none_runs()
    {
        var world = new SimWorld(1);
        var machine = world.AddMachine("a");
        foreach (var fault in new Fault[] { new ProcessCrash(), new PowerLoss(), new WipedDisk(), new CrashAtEvent(), new Freeze(), new GracefulRestart(_ => { }) })
        {
            Assert.Null(fault.Strike(world, [machine]));
            Assert.Null(fault.Apply(world, FaultPlan.Of(fault.Kind, TimeSpan.FromSeconds(1), ("machine", "a"), ("outcome", "1"), ("losses", "Ordered"), ("ratePpm", "1"), ("events", "1"))));
        }
    }
}
