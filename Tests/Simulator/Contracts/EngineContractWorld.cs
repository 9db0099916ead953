using System;
using System.Runtime.ExceptionServices;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Contracts;

/// <summary>Two machines of a simulated world, with the rare things of the environment switched on.</summary>
internal sealed class EngineContractWorld : IContractWorld
{
    private readonly SimWorld _world = new(seed: 42);
    private readonly SimMachine _a;
    private readonly SimMachine _b;

    public EngineContractWorld()
    {
        _a = _world.AddMachine("a");
        _b = _world.AddMachine("b");
    }

    public string HostOfB => "b";

    public void Run(Func<Node, LoopTask> a, Func<Node, LoopTask> b)
    {
        var ended = 0;
        _a.Start(node => Side(node, a));
        _b.Start(node => Side(node, b));
        var inTime = _world.RunUntil(() => ended == 2, TimeSpan.FromSeconds(60));
        if (_world.Failure is { } failure) ExceptionDispatchInfo.Throw(failure.Exception ?? new InvalidOperationException(failure.Message));
        Assert.True(inTime, "The programs did not end in time.");

        async LoopTask Side(Node node, Func<Node, LoopTask> program)
        {
            await program(node);
            ended++;
            await new LoopPromise<Nothing>().Task; // the sockets of a process that has ended are reset
        }
    }

    /// <summary>A machine without power answers nobody.</summary>
    public LoopTask<Endpoint> SilentEndpoint(Node b)
    {
        var dark = _world.AddMachine("dark");
        _world.Schedule(TimeSpan.Zero, dark.LosePower);
        return LoopTask.FromResult(new Endpoint("dark", 1));
    }

    public void Dispose()
    {
    }
}
