using System;
using Simulator.Engine;
using Simulator.Platform;

namespace tools.Benchmarks.Engine;

/// <summary>The toy cluster's steps as async methods, each step a wait on the clock of a machine, 32 requests in flight: no network, no disk.</summary>
internal static class TimersToy
{
    private const int RequestsPerMachine = 8;

    public static long Run(ulong seed, int events)
    {
        var world = new SimWorld(seed);
        foreach (var machine in (string[])["client", "leader", "follower-1", "follower-2"]) world.AddMachine(machine).Start(Run);
        return world.StepUntil(events);
    }

    private static async LoopTask Run(Node node)
    {
        for (var i = 0; i < RequestsPerMachine; i++) node.Spawn(Ask(node));
        await new LoopPromise<Nothing>().Task; // a process lives as long as its program
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
