using System;
using System.Threading;

namespace Simulator.Platform;

/// <summary>
/// Brings the continuations of plain BCL tasks back to a loop, so that a service written with <c>async Task</c> runs on it
/// unchanged. It does not catch what leaves the context on purpose (<c>ConfigureAwait(false)</c>, <c>Task.Run</c>): that is found
/// out by the loop's thread check and by the guard over the thread pool.
/// </summary>
public sealed class LoopSynchronizationContext(Loop loop) : SynchronizationContext
{
    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => loop.Post(() => Run(() => d(state)));

    /// <summary>Runs at once: whoever sends is on the loop already.</summary>
    /// <exception cref="LoopAffinityException">Sent from a foreign thread.</exception>
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (Loop.CurrentOrNull != loop) throw new LoopAffinityException($"Work was sent to the loop of {loop.Name} from outside; post it.");
        Run(() => d(state));
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs work with this context as the current one.</summary>
    public void Run(Action work)
    {
        var previous = Current;
        SetSynchronizationContext(this);
        try
        {
            work();
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
    }
}
