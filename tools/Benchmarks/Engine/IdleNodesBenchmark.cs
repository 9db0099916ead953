using System;
using BenchmarkDotNet.Attributes;
using Simulator.Engine;
using Simulator.Platform;
using tools.Benchmarks.Budgets;

namespace tools.Benchmarks.Engine;

/// <summary>Many nodes that only keep a connection to one hub alive, a message and its answer each second: work must grow with events, not with nodes squared.</summary>
[InProcess]
[MemoryDiagnoser]
[WarmupCount(1)]
[IterationCount(3)]
[InvocationCount(1)]
[HideColumns("Job", "Toolchain")]
public class IdleNodesBenchmark
{
    private const int Nodes = 500;
    private static readonly TimeSpan s_span = TimeSpan.FromMinutes(10);

    /// <summary>500 nodes for ten simulated minutes.</summary>
    [Benchmark]
    [Within(seconds: 60)]
    public long IdleNodes()
    {
        var world = new SimWorld(seed: 1);
        world.AddMachine("hub").Start(Serve);
        for (var i = 1; i <= Nodes; i++) world.AddMachine($"node-{i}").Start(KeepAlive);
        world.RunFor(s_span);
        if (world.Failure is { } failure) throw new InvalidOperationException(failure.Message);
        return world.Events;
    }

    private static async LoopTask Serve(Node node)
    {
        var listener = await node.Network.Listen(new Endpoint(node.Name, 1), backlog: Nodes);
        while (true) node.Spawn(Echo(await listener.Accept()));
    }

    private static async LoopTask Echo(IConnection connection)
    {
        var message = new byte[1];
        while (await connection.Read(message) > 0) await connection.Write(message);
    }

    private static async LoopTask KeepAlive(Node node)
    {
        await node.Clock.Delay(TimeSpan.FromMilliseconds(1 + node.Random.Stream("start").Next(1_000)));
        var connection = await node.Network.Connect(new Endpoint("hub", 1), TimeSpan.FromSeconds(1));
        var message = new byte[1];
        do
        {
            await node.Clock.Delay(TimeSpan.FromSeconds(1));
            await connection.Write(message);
        }
        while (await connection.Read(message) > 0);
    }
}
