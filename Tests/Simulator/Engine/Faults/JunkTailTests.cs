using System;
using System.Linq;
using Simulator.Engine;
using Simulator.Engine.Faults;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine.Faults;

/// <summary>Junk behind the end of a file: nothing that was written changes, and a program finds it at its next start.</summary>
public class JunkTailTests
{
    private readonly SimWorld _world = new(1, new WorldOptions { Buggify = false });

    [Fact]
    public void A_machine_that_is_down_finds_junk_behind_what_it_wrote()
    {
        var machine = Start();
        var before = machine.Disk.UsedBytes;
        machine.Crash();
        Assert.NotNull(new JunkTail(static files => [.. files.Select(f => f.Path)]).Strike(_world, [machine]));
        var now = machine.Disk.Peek("log").ToArray();
        Assert.InRange(now.Length, 4, 203);
        Assert.Equal([1, 2, 3], now[..3]);
        Assert.Equal(now.Length - 3, machine.Disk.UsedBytes - before);
        Assert.Equal(("log", 1), (Assert.Single(machine.Disk.Litterings), (int)_world.Faults.Effects["junk-tail"]));
    }

    [Fact]
    public void A_machine_that_runs_and_a_file_that_was_not_meant_are_spared()
    {
        var machine = Start();
        Assert.Null(new JunkTail(static files => [.. files.Select(f => f.Path)]).Strike(_world, [machine]));
        machine.Crash();
        Assert.Null(new JunkTail(static _ => []).Strike(_world, [machine]));
        Assert.Equal([1, 2, 3], machine.Disk.Peek("log").ToArray());
        Assert.Empty(machine.Disk.Litterings);
    }

    [Theory]
    [InlineData("zeros")]
    [InlineData("noise")]
    public void The_same_plan_puts_the_same_bytes_there(string what)
    {
        var plan = FaultPlan.Of("disk-junk-tail", TimeSpan.Zero, ("machine", "m"), ("path", "log"), ("bytes", "9"), ("what", what), ("outcome", "5"));
        var machine = Start();
        machine.Crash();
        var fault = new JunkTail(static _ => []);
        Assert.NotNull(fault.Apply(_world, plan));
        Assert.NotNull(fault.Apply(_world, plan));
        var tail = machine.Disk.Peek("log")[3..].ToArray();
        Assert.Equal(tail[..9], tail[9..]);
        Assert.Equal(what == "zeros", tail.All(b => b == 0));
    }

    [Fact]
    public void Junk_of_an_unknown_sort_is_refused()
    {
        var machine = Start();
        machine.Crash();
        var plan = FaultPlan.Of("disk-junk-tail", TimeSpan.Zero, ("machine", "m"), ("path", "log"), ("bytes", "9"), ("what", "gold"), ("outcome", "5"));
        Assert.Throws<FaultPlanException>(() => new JunkTail(static _ => []).Apply(_world, plan));
    }

    private SimMachine Start()
    {
        var machine = _world.AddMachine("m");
        machine.Start(async node =>
        {
            var file = await node.Disk.Open("log", OpenMode.CreateNew);
            await file.Write(0, new byte[] { 1, 2, 3 });
            await file.Sync();
            await new LoopPromise<Nothing>().Task;
        });
        _world.RunFor(TimeSpan.FromSeconds(1));
        return machine;
    }
}
