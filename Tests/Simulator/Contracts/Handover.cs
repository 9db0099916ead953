using System;
using System.Collections.Concurrent;
using Simulator.Platform;

namespace Tests.Simulator.Contracts;

/// <summary>Gives values from the program of one node to that of the other, which may run on another thread.</summary>
public sealed class Handover<T>
{
    private readonly ConcurrentQueue<T> _values = new();

    /// <summary>Gives a value.</summary>
    public void Put(T value) => _values.Enqueue(value);

    /// <summary>Waits for a value by asking once a millisecond of the node's clock.</summary>
    public async LoopTask<T> Take(Node node)
    {
        while (true)
        {
            if (_values.TryDequeue(out var value)) return value;
            await node.Clock.Delay(TimeSpan.FromMilliseconds(1));
        }
    }
}
