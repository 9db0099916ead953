using System;
using Simulator.Engine;
using Simulator.Platform;

namespace tools.Benchmarks.Engine;

/// <summary>The toy cluster's steps as async methods, each step a wait on the clock of one machine per request: no network, no disk.</summary>
internal static class TimersToy
{
    private const int Requests = 32;

    public static long Run(ulong seed, int events)
    {
        var world = new SimWorld(seed);
        for (var i = 1; i <= Requests; i++) world.AddMachine($"client-{i}").Start(Ask);
        while (world.Events < events && world.Failure is null && world.Step(long.MaxValue))
        {
        }

        if (world.Events < events) throw new InvalidOperationException($"The toy stopped after {world.Events} events: {world.Failure?.Message ?? "nothing left to do"}");
        return (long)world.Hash;
    }

    // The request arrives, the leader writes, two followers have their copies, the reply arrives.
    private static async LoopTask Ask(Node node)
    {
        var random = node.Random.Stream("latency");
        while (true)
        {
            await Latency(node, random);
            await Latency(node, random);
            var first = Copy(node, random);
            var second = Copy(node, random);
            await first;
            await second;
            await Latency(node, random);
        }
    }

    // The copy arrives, the follower writes, its answer arrives.
    private static async LoopTask Copy(Node node, RandomStream random)
    {
        await Latency(node, random);
        await Latency(node, random);
        await Latency(node, random);
    }

    private static LoopTask Latency(Node node, RandomStream random) => node.Clock.Delay(TimeSpan.FromMicroseconds(random.Next(50, 500)));
}
