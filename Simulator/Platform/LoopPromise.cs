using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;

namespace Simulator.Platform;

/// <summary>
/// A result that other code of the same loop supplies later. Unlike other loop tasks it may be awaited by many and any
/// number of times. Waiters are queued, never run inside <see cref="TrySetResult"/>.
/// </summary>
public sealed class LoopPromise<T> : ILoopTaskSource<T>
{
    private readonly List<(Loop Loop, Action Continuation)> _waiters = [];
    private T _result = default!;
    private ExceptionDispatchInfo? _error;

    /// <summary>True once a result or an exception is there.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>True once it has failed.</summary>
    public bool IsFaulted => _error is not null;

    /// <summary>Completes with this promise.</summary>
    public LoopTask<T> Task => new(this, 0);

    /// <summary>The result, or the exception thrown.</summary>
    /// <exception cref="InvalidOperationException">Not completed yet.</exception>
    public T Result
    {
        get
        {
            if (!IsCompleted) throw new InvalidOperationException("The promise has no result yet.");
            _error?.Throw();
            return _result;
        }
    }

    /// <summary>Supplies the result; false if there was one already.</summary>
    public bool TrySetResult(T result)
    {
        if (IsCompleted) return false;
        _result = result;
        Complete();
        return true;
    }

    /// <summary>Supplies a failure; false if it was completed already.</summary>
    public bool TrySetException(Exception error)
    {
        if (IsCompleted) return false;
        _error = ExceptionDispatchInfo.Capture(error);
        Complete();
        return true;
    }

    /// <summary>Waits until completion, but no longer than <paramref name="timeout"/>; true if completed (then read <see cref="Result"/>).</summary>
    public LoopTask<bool> WaitFor(IClock clock, TimeSpan timeout) =>
        IsCompleted ? LoopTask.FromResult(true) : new TimedWait(this, clock, timeout).Task;

    bool ILoopTaskSource<T>.IsCompleted(int token) => IsCompleted;

    bool ILoopTaskSource<T>.IsCompletedSuccessfully(int token) => IsCompleted && _error is null;

    T ILoopTaskSource<T>.GetResult(int token) => Result;

    void ILoopTaskSource<T>.OnCompleted(int token, Action continuation) => _waiters.Add((Loop.Current, continuation));

    private void Complete()
    {
        IsCompleted = true;
        foreach (var (loop, continuation) in _waiters) loop.Post(continuation);
        _waiters.Clear();
    }

    private sealed class TimedWait : LoopOperation<bool>
    {
        private readonly LoopPromise<T> _promise;
        private readonly Action _completed;

        public TimedWait(LoopPromise<T> promise, IClock clock, TimeSpan timeout)
        {
            _promise = promise;
            _completed = () => TrySetResult(true);
            promise._waiters.Add((Loop.Current, _completed));
            clock.Arm(this, timeout);
        }

        public override ushort Kind => EventKinds.Timer;

        protected internal override void Fire()
        {
            _promise._waiters.RemoveAll(w => w.Continuation == _completed);
            Complete(_promise.IsCompleted);
        }
    }
}
