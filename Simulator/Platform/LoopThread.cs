using System;

namespace Simulator.Platform;

/// <summary>
/// What a thread that runs loops has of its own. One object, because looking up a variable of the thread costs as much as firing a
/// timer: it is looked up once, and the rest is found through it.
/// </summary>
internal sealed class LoopThread
{
    [ThreadStatic]
    private static LoopThread? t_here;

    private LoopThread()
    {
    }

    /// <summary>That of the calling thread.</summary>
    public static LoopThread Here => t_here ?? (t_here = new LoopThread());

    /// <summary>The number by which messages name the thread.</summary>
    public int Number { get; } = Environment.CurrentManagedThreadId;

    /// <summary>The loop that is running on it, or null.</summary>
    public Loop? Running { get; set; }

    /// <summary>The loop that is running on it.</summary>
    /// <exception cref="LoopAffinityException">No loop runs on it: loop code has escaped to a foreign thread.</exception>
    public Loop RunningLoop => Running ?? throw new LoopAffinityException(
        "No loop runs on this thread: code of a node was called from outside its loop. Post to the loop instead.");

    /// <summary>Delays to be used again.</summary>
    public Pool<DelayOperation> Delays { get; } = new();
}
