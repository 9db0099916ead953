using System;
using Simulator.Platform;

namespace Tests.Reference.Broker.Storage;

/// <summary>Awaits a loop task that must fail.</summary>
internal static class Refused
{
    public static async LoopTask<T> With<T>(LoopTask task)
        where T : Exception
    {
        try
        {
            await task;
        }
        catch (T expected)
        {
            return expected;
        }

        throw new InvalidOperationException($"{typeof(T).Name} was expected, but nothing was thrown.");
    }
}
