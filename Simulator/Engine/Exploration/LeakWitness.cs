using System;
using System.Diagnostics.Tracing;
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

    [ThreadStatic]
    private static string? t_first;

    /// <summary>Begins to watch the calling thread.</summary>
    public static void Begin()
    {
        _ = s_one.Value;
        t_first = null;
    }

    /// <summary>The stack of the first leak of the calling thread since <see cref="Begin"/>, or null.</summary>
    public static string? First() => t_first;

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Tasks) EnableEvents(eventSource, EventLevel.Informational, TaskScheduling);
        if (eventSource.Name == Pool) EnableEvents(eventSource, EventLevel.Verbose, PoolQueueing);
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (t_first is not null || Loop.CurrentOrNull is null) return;
        if (eventData.EventName is "TaskScheduled" or "ThreadPoolEnqueueWork") t_first = Environment.StackTrace;
    }
}
