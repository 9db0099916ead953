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
    /// <summary>
    /// Queues the work on the loop. From a foreign thread the real world takes it too; in the simulated one it is lost, and the loop
    /// remembers the leak: an exception here would end the whole process.
    /// </summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        void Work() => Run(() => d(state));
        if (loop.PostFromElsewhere is { } post && !loop.IsOnThread)
        {
            post(Work);
            return;
        }

        try
        {
            loop.Post(Work);
        }
        catch (LoopAffinityException)
        {
            // Noted in Loop.Leak, which fails the run.
        }
    }

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
    public void Run(Action work) => RunUnder(this, work);

    /// <summary>
    /// Runs work without any context: where it completes a task, those who await it with <c>ConfigureAwait(false)</c> resume at once on
    /// this thread, and the others by their context. Under a context the former would be handed to the thread pool.
    /// </summary>
    internal static void RunWithout(Action work) => RunUnder(null, work);

    private static void RunUnder(SynchronizationContext? context, Action work)
    {
        var previous = Current;
        SetSynchronizationContext(context);
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
