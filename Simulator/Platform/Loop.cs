using System;
using System.Collections.Generic;

namespace Simulator.Platform;

/// <summary>
/// The one logical thread on which all code of a node runs: it fires an event, then everything that became ready
/// through it, and only then the next event. Nothing inside a node ever runs in parallel.
/// </summary>
/// <remarks>
/// In the simulator the loops of all nodes share one <see cref="TimingWheel"/> and one thread; over real sockets each loop
/// has its own of both. A loop can be <em>abandoned</em> between two events: what waits on it never resumes and no
/// <c>finally</c> runs, as in a real crash.
/// </remarks>
public sealed class Loop
{
    /// <summary>How many continuations may run inside one another before the next one is queued. Fixed, because a stack probe depends on the JIT's tier.</summary>
    private const int MaxDepth = 64;

    private readonly TimingWheel _wheel;
    private readonly Queue<Action> _ready = new();
    private int _depth;

    /// <summary>Makes a loop whose timed events stand in <paramref name="wheel"/>.</summary>
    public Loop(string name, TimingWheel wheel)
    {
        Name = name;
        _wheel = wheel;
    }

    /// <summary>The name of the node, for messages.</summary>
    public string Name { get; }

    /// <summary>The thread on which it runs.</summary>
    internal LoopThread Thread { get; private set; } = LoopThread.Here;

    /// <summary>False once abandoned.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Whatever the world behind the loop wants to find again from it.</summary>
    public object? Tag { get; init; }

    /// <summary>What an escape to a foreign thread looked like the first time, with its stack; null as long as none was seen.</summary>
    public string? Leak { get; private set; }

    /// <summary>Brings the continuations of plain BCL tasks back to this loop.</summary>
    public LoopSynchronizationContext SynchronizationContext => field ??= new LoopSynchronizationContext(this);

    /// <summary>Number of events fired so far.</summary>
    public long EventsFired { get; private set; }

    /// <summary>Receives what no one awaited: exceptions of spawned tasks and of timer callbacks. Unset, they are thrown out of <see cref="Run(LoopEvent)"/>.</summary>
    public Action<Exception>? UnhandledException { get; set; }

    /// <summary>Receives bugs that the program has caught and outlives; unset, they are dropped.</summary>
    public Action<Exception>? OutlivedException { get; init; }

    /// <summary>Takes work that comes from foreign threads, where the world allows that: the real one does, the simulated one must not.</summary>
    public Action<Action>? PostFromElsewhere { get; init; }

    /// <summary>The loop that is running on this thread.</summary>
    /// <exception cref="LoopAffinityException">No loop runs on this thread: loop code has escaped to a foreign thread.</exception>
    public static Loop Current => LoopThread.Here.RunningLoop;

    /// <summary>The loop that is running on this thread, or null.</summary>
    public static Loop? CurrentOrNull => LoopThread.Here.Running;

    /// <summary>True while one of its events fires.</summary>
    public bool IsRunning => Thread.Running == this;

    /// <summary>Makes the calling thread the loop's thread; a loop may move between threads only while idle.</summary>
    public void Adopt() => Thread = LoopThread.Here;

    /// <summary>Queues work to run before the next event. Only from the loop's own thread.</summary>
    public void Post(Action work)
    {
        AssertThread();
        if (IsAlive) _ready.Enqueue(work);
    }

    /// <summary>Runs a continuation now, or queues it where continuations are nested too deeply.</summary>
    public void Resume(Action continuation)
    {
        AssertThread();
        if (IsAlive) ResumeNested(continuation);
    }

    /// <summary>The same for the loop that is running: it lives, and on this thread.</summary>
    internal void ResumeNested(Action continuation)
    {
        if (_depth >= MaxDepth)
        {
            _ready.Enqueue(continuation);
            return;
        }

        _depth++;
        continuation();
        _depth--;
    }

    /// <summary>The same for the event of this loop that is firing.</summary>
    internal void ResumeFromEvent(Action continuation)
    {
        if (IsAlive) ResumeNested(continuation);
    }

    /// <summary>The same as <see cref="Schedule"/> for the loop that is running, by code that runs on it.</summary>
    public void ScheduleOwn(LoopEvent item, long dueMicros)
    {
        if (!IsRunning) AssertThread();
        if (item.Owner != this) item.Owner = this;
        _wheel.Add(item, dueMicros);
    }

    /// <summary>Schedules an event of this loop at an instant of loop time.</summary>
    public void Schedule(LoopEvent item, long dueMicros)
    {
        AssertThread();
        item.Owner = this;
        _wheel.Add(item, dueMicros);
    }

    /// <summary>Takes back a scheduled event; nothing happens if it has fired already.</summary>
    public void Cancel(LoopEvent item)
    {
        AssertThread();
        _wheel.Remove(item);
    }

    /// <summary>Fires one event and all that becomes ready through it.</summary>
    public void Run(LoopEvent item)
    {
        if (!IsAlive) return;
        var thread = Enter();
        var previous = thread.Running;
        thread.Running = this;
        try
        {
            try
            {
                item.Fire();
            }
            catch (Exception e) when (UnhandledException is not null)
            {
                UnhandledException(e);
            }

            RunReady();
        }
        finally
        {
            Leave(thread, previous);
        }
    }

    /// <summary>Runs a piece of work as an event of its own, and all that becomes ready through it.</summary>
    public void Run(Action work)
    {
        if (!IsAlive) return;
        var thread = Enter();
        var previous = thread.Running;
        thread.Running = this;
        try
        {
            RunGuarded(work);
            RunReady();
        }
        finally
        {
            Leave(thread, previous);
        }
    }

    /// <summary>Abandons everything the loop was doing. Only between two events.</summary>
    /// <exception cref="InvalidOperationException">Called from inside an event of the loop.</exception>
    public void Abandon()
    {
        if (CurrentOrNull == this) throw new InvalidOperationException("A loop can be abandoned only between two of its events.");
        IsAlive = false;
        _ready.Clear();
    }

    /// <summary>Hands an exception that nobody awaits to <see cref="UnhandledException"/>.</summary>
    public void Fail(Exception exception)
    {
        if (UnhandledException is null) throw new UnobservedLoopException(Name, exception);
        UnhandledException(exception);
    }

    /// <summary>Starts a task that nobody awaits; its exception, if any, goes to <see cref="Fail"/>.</summary>
    public void Spawn(LoopTask task)
    {
        if (!task.IsCompletedSuccessfully) Observe(task).Ignore();
    }

    private async LoopTask Observe(LoopTask task)
    {
        try
        {
            await task;
        }
        catch (Exception e)
        {
            Post(() => Fail(e)); // not here: what Fail throws would end in a task that nobody awaits
        }
    }

    // An event begins.
    private LoopThread Enter()
    {
        var thread = LoopThread.Here;
        if (thread != Thread) ThrowForeignThread(thread);
        EventsFired++;
        _depth = 0;
        return thread;
    }

    // Mostly nothing ran before, and writing null is cheaper than writing a reference that may be null.
    private static void Leave(LoopThread thread, Loop? previous)
    {
        if (previous is null) thread.Running = null;
        else thread.Running = previous;
    }

    private void RunReady()
    {
        while (_ready.Count > 0)
        {
            _depth = 0;
            RunGuarded(_ready.Dequeue());
        }
    }

    private void RunGuarded(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (UnhandledException is not null)
        {
            UnhandledException(e);
        }
    }

    internal bool IsOnThread => LoopThread.Here == Thread;

    private void AssertThread()
    {
        var thread = LoopThread.Here;
        if (thread != Thread) ThrowForeignThread(thread);
    }

    private void ThrowForeignThread(LoopThread thread)
    {
        var message = $"The loop of {Name} was touched from thread {thread.Number}, but it runs on thread {Thread.Number}.";
        Leak ??= message + Environment.NewLine + Environment.StackTrace;
        throw new LoopAffinityException(message);
    }
}
