using System;
using System.Collections.Generic;
using System.Diagnostics.Tracing;
using System.Threading;
using Simulator.Platform;

namespace Simulator.Engine.Exploration;

/// <summary>
/// Sees who hands work to the thread pool from inside a loop: the runtime tells listeners of a task that is scheduled or a work item
/// that is queued on the thread that does it, so that the stack names the code. Timers and completions of the OS are not seen.
/// </summary>
internal sealed class LeakWitness : EventListener
{
    private const string Tasks = "System.Threading.Tasks.TplEventSource";
    private const string Pool = "System.Diagnostics.Eventing.FrameworkEventSource";
    private const EventKeywords TaskScheduling = (EventKeywords)0x2;
    private const EventKeywords PoolQueueing = (EventKeywords)0x2;

    private static readonly Lazy<LeakWitness> s_one = new(() => new LeakWitness());

    private readonly Lock _lock = new();
    private readonly Dictionary<int, string> _firstByThread = [];

    /// <summary>Begins to watch the calling thread.</summary>
    public static void Begin()
    {
        var one = s_one.Value;
        lock (one._lock) one._firstByThread.Remove(Environment.CurrentManagedThreadId);
    }

    /// <summary>The stack of the first leak of the calling thread since <see cref="Begin"/>, or null.</summary>
    public static string? First()
    {
        var one = s_one.Value;
        lock (one._lock) return one._firstByThread.GetValueOrDefault(Environment.CurrentManagedThreadId);
    }

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Tasks) EnableEvents(eventSource, EventLevel.Informational, TaskScheduling);
        if (eventSource.Name == Pool) EnableEvents(eventSource, EventLevel.Verbose, PoolQueueing);
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (Loop.CurrentOrNull is null || eventData.EventName is not ("TaskScheduled" or "ThreadPoolEnqueueWork")) return;
        lock (_lock) _firstByThread.TryAdd(Environment.CurrentManagedThreadId, Environment.StackTrace);
    }
}
