using System;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Threading;
using Simulator.Platform;

namespace Simulator.Engine.Exploration;

/// <summary>
/// Names work that leaves a simulated node's loop at the moment it does so: the runtime tells of each work item for the thread pool,
/// each BCL timer and each socket on the thread that makes it. Sees only threads on which a node's loop is running, so it accuses
/// nobody else in the process.
/// </summary>
internal sealed class LeakListener : EventListener
{
    private const EventKeywords ThreadPoolAndTimers = (EventKeywords)(0x2 | 0x10);
    private const int FramesShown = 12;
    private static readonly Lazy<LeakListener> s_listener = new(Begin);

    /// <summary>From now on the first leak of any node of that world fails its run, or is noted in <see cref="SimWorld.NotedLeak"/>.</summary>
    public static void Watch(SimWorld world, LeakWatch watch)
    {
        if (!world.MayWatchLeaks) return;
        _ = s_listener.Value;
        if (world.LeakWatch != LeakWatch.Fail) world.LeakWatch = watch;
    }

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Diagnostics.Eventing.FrameworkEventSource") EnableEvents(eventSource, EventLevel.Verbose, ThreadPoolAndTimers);
        if (eventSource.Name == "System.Net.Sockets") EnableEvents(eventSource, EventLevel.Informational);
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (Loop.CurrentOrNull is not { Tag: SimProcess { Machine: { World: { LeakWatch: not LeakWatch.Off, Failure: null } world } machine } }) return;
        if (Describe(eventData) is not { } what) return;
        var watch = world.LeakWatch;
        world.LeakWatch = LeakWatch.Off; // one is enough, and to describe it may need what is watched
        var stack = new StackTrace(fNeedFileInfo: true);
        world.NotedLeak = $"{machine.Name}: {what}{Culprit(stack)}. Use the node's time, network and disk, and await on its loop.\n{Text(stack)}";
        if (watch == LeakWatch.Fail) world.Report(new SimFailure("no-leak", world.NotedLeak, null));
    }

    private static LeakListener Begin()
    {
        var listener = new LeakListener();
        // The pool looks whether anyone listens when a worker begins: let one begin, and end before anybody counts.
        var before = ThreadPool.CompletedWorkItemCount;
#pragma warning disable RS0030 // runs nothing of a simulation
        ThreadPool.UnsafeQueueUserWorkItem(static _ => { }, null);
#pragma warning restore RS0030
        SpinWait.SpinUntil(() => ThreadPool.CompletedWorkItemCount > before);
        return listener;
    }

    private static string? Describe(EventWrittenEventArgs data) => data.EventName switch
    {
        "ThreadPoolEnqueueWork" => "work was handed to the thread pool (Task.Run, ConfigureAwait(false), a file or a socket of the BCL)",
        "ThreadTransferSend" => "a timer of the BCL was set (Task.Delay or CancelAfter without the node's TimeProvider)",
        "ConnectStart" or "AcceptStart" => "a real socket was used",
        _ => null,
    };

    private static string Culprit(StackTrace stack) => stack.GetFrames().FirstOrDefault(IsOfService) is { } frame ? " by " + Text(frame) : string.Empty;

    private static bool IsOfService(StackFrame frame)
    {
        var assembly = frame.GetMethod()?.Module.Assembly.GetName().Name;
        return assembly is not null
            && !assembly.StartsWith("System.", StringComparison.Ordinal)
            && assembly is not ("Simulator.Platform" or "Simulator.Engine" or "Simulator.Xunit");
    }

    private static string Text(StackTrace stack)
    {
        var text = new StringBuilder();
        foreach (var frame in stack.GetFrames().SkipWhile(f => f.GetMethod()?.DeclaringType is not { } type || type == typeof(LeakListener) || IsOfTracing(type)).Take(FramesShown)) text.Append("  at ").Append(Text(frame)).Append('\n');
        return text.ToString().TrimEnd();
    }

    private static bool IsOfTracing(Type type) => type.Namespace == "System.Diagnostics.Tracing";

    private static string Text(StackFrame frame)
    {
        var name = frame.GetMethod() is { } method ? Name(method) : "?";
        return frame.GetFileName() is { } file ? $"{name} in {file}:line {frame.GetFileLineNumber()}" : name;
    }

    // The body of an async method is the MoveNext of a type that is named after it: <Method>d__4.
    private static string Name(MethodBase method)
    {
        var type = method.DeclaringType;
        if (type is not { DeclaringType: { } outer } || !type.Name.StartsWith('<')) return $"{type?.FullName}.{method.Name}";
        var end = type.Name.IndexOf('>', StringComparison.Ordinal);
        return end > 1 ? $"{outer.FullName}.{type.Name[1..end]}" : $"{outer.FullName}.{method.Name}";
    }
}
