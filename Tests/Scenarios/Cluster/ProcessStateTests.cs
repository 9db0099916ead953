using System;
using Scenarios.Cluster;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Scenarios.Cluster;

/// <summary>Whoever looks at a process from outside sees nothing of the process before.</summary>
public class ProcessStateTests
{
    [Fact]
    public void A_new_process_is_not_asked_for_what_the_last_one_made()
    {
        var world = new SimWorld(1);
        var machine = world.AddMachine("m");
        var state = new ProcessState<string>(machine);
        machine.Start(async _ =>
        {
            state.Set($"of {machine.Process!.Incarnation}");
            await new LoopPromise<Nothing>().Task;
        });
        Assert.Null(state.Running);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("of 1", state.Running);
        machine.Crash();
        Assert.Equal((null, "of 1"), (state.Running, state.Last));
        machine.Restart();
        Assert.Null(state.Running); // its program has not had its first event yet
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("of 2", state.Running);
    }
}
