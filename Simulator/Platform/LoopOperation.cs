using System;

namespace Simulator.Platform;

/// <summary>
/// An operation whose completion is itself an event: a delay, a disk write, a network read. It can complete by its due
/// time (<see cref="LoopEvent.Fire"/>) or earlier by <see cref="TrySetResult"/>. Derived classes pool their instances.
/// </summary>
public abstract class LoopOperation<T> : LoopEvent
{
    private readonly Outcome _outcome;

    /// <summary>An operation that has not begun.</summary>
    protected LoopOperation() => _outcome = new Outcome(this);

    /// <summary>The task that completes with this operation.</summary>
    public LoopTask<T> Task => _outcome.NewTask();

    /// <summary>True from its completion until its result has been taken.</summary>
    public bool IsDone => _outcome.HasOutcome;

    /// <summary>Completes the operation from the event that caused it: whoever waits runs at once.</summary>
    protected void Complete(T result)
    {
        _outcome.SetOutcome(result);
        Resume();
    }

    /// <summary>Fails the operation from the event that caused it.</summary>
    protected void Fault(Exception error)
    {
        _outcome.SetOutcome(error);
        Resume();
    }

    /// <summary>Completes it ahead of its due time; whoever waits is queued. False if it has completed already.</summary>
    protected bool TrySetResult(T result)
    {
        if (IsDone) return false;
        _outcome.SetOutcome(result);
        ResumeQueued();
        return true;
    }

    /// <summary>Fails it ahead of its due time; whoever waits is queued. False if it has completed already.</summary>
    protected bool TrySetException(Exception error)
    {
        if (IsDone) return false;
        _outcome.SetOutcome(error);
        ResumeQueued();
        return true;
    }

    /// <summary>Returns the instance to its pool, if there is one.</summary>
    protected virtual void Recycle()
    {
    }

    private void Resume()
    {
        if (_outcome.TakeContinuation() is { } continuation) Owner!.ResumeFromEvent(continuation);
    }

    private void ResumeQueued()
    {
        Owner!.Cancel(this);
        if (_outcome.TakeContinuation() is { } continuation) Owner!.Post(continuation);
    }

    private sealed class Outcome(LoopOperation<T> operation) : LoopTaskSource<T>
    {
        private protected override void OnRead()
        {
            Renew();
            operation.Recycle();
        }
    }
}
