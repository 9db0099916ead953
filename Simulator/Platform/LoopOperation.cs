using System;
using System.Runtime.ExceptionServices;

namespace Simulator.Platform;

/// <summary>
/// An operation whose completion is itself an event: a delay, a disk write, a network read. It can complete by its due
/// time (<see cref="LoopEvent.Fire"/>) or earlier by <see cref="TrySetResult"/>. Derived classes pool their instances.
/// </summary>
public abstract class LoopOperation<T> : LoopEvent, ILoopTaskSource<T>
{
    private bool _completed;
    private T _result = default!;
    private ExceptionDispatchInfo? _error;
    private Action? _continuation;
    private int _token;

    /// <summary>The task that completes with this operation.</summary>
    public LoopTask<T> Task => new(this, _token);

    /// <summary>The same without a result.</summary>
    public bool IsDone => _completed;

    bool ILoopTaskSource<T>.IsCompleted(int token)
    {
        AssertToken(token);
        return _completed;
    }

    bool ILoopTaskSource<T>.IsCompletedSuccessfully(int token)
    {
        AssertToken(token);
        return _completed && _error is null;
    }

    T ILoopTaskSource<T>.GetResult(int token)
    {
        AssertToken(token);
        if (!_completed) throw new InvalidOperationException("An operation was read before it had completed: await it.");
        var result = _result;
        var error = _error;
        _token++;
        _completed = false;
        _result = default!;
        _error = null;
        Recycle();
        error?.Throw();
        return result;
    }

    void ILoopTaskSource<T>.OnCompleted(int token, Action continuation)
    {
        AssertToken(token);
        if (_continuation is not null) throw new InvalidOperationException("An operation was awaited twice.");
        _continuation = continuation;
    }

    /// <summary>Completes the operation from the event that caused it: whoever waits runs at once.</summary>
    protected void Complete(T result)
    {
        _result = result;
        Finish();
    }

    /// <summary>Fails the operation from the event that caused it.</summary>
    protected void Fault(Exception error)
    {
        _error = ExceptionDispatchInfo.Capture(error);
        Finish();
    }

    /// <summary>Completes it ahead of its due time; whoever waits is queued. False if it has completed already.</summary>
    protected bool TrySetResult(T result)
    {
        if (_completed) return false;
        _result = result;
        FinishQueued();
        return true;
    }

    /// <summary>Fails it ahead of its due time; whoever waits is queued. False if it has completed already.</summary>
    protected bool TrySetException(Exception error)
    {
        if (_completed) return false;
        _error = ExceptionDispatchInfo.Capture(error);
        FinishQueued();
        return true;
    }

    /// <summary>Returns the instance to its pool, if there is one.</summary>
    protected virtual void Recycle()
    {
    }

    private void Finish()
    {
        _completed = true;
        var continuation = _continuation;
        _continuation = null;
        if (continuation is not null) Owner!.Resume(continuation);
    }

    private void FinishQueued()
    {
        Owner!.Cancel(this);
        _completed = true;
        var continuation = _continuation;
        _continuation = null;
        if (continuation is not null) Owner!.Post(continuation);
    }

    private void AssertToken(int token)
    {
        if (token != _token) throw new InvalidOperationException("An operation was awaited twice.");
    }
}
