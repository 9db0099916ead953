using System;
using Simulator.Engine;

namespace tools.Benchmarks.Engine;

/// <summary>Runs a toy in the engine.</summary>
internal static class ToyWorld
{
    /// <summary>Steps until so many events have happened; gives the hash.</summary>
    /// <exception cref="InvalidOperationException">The toy stopped before.</exception>
    public static long StepUntil(this SimWorld world, int events)
    {
        while (world.Events < events && world.Failure is null && world.Step(long.MaxValue))
        {
        }

        if (world.Events < events) throw new InvalidOperationException($"The toy stopped after {world.Events} events: {world.Failure?.Message ?? "nothing left to do"}");
        return (long)world.Hash;
    }
}
