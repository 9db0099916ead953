using System;
using System.Collections.Generic;

namespace Simulator.Platform;

/// <summary>
/// A result that other code of the same loop supplies later. Unlike other loop tasks it may be awaited by many and any
/// number of times. Waiters are queued, never run inside <see cref="TrySetResult"/>.
/// </summary>
public sealed class LoopPromise<T> : LoopTaskSource<T>
{
    private Waiter _first; // nearly always the only one
    private List<Waiter>? _others;

    /// <summary>True once a result or an exception is there.</summary>
    public bool IsCompleted => HasOutcome;

    /// <summary>True once it has failed.</summary>
    public bool IsFaulted => HasFailed;

    /// <summary>Completes with this promise.</summary>
    public LoopTask<T> Task => NewTask();

    /// <summary>The result, or the exception thrown.</summary>
    /// <exception cref="InvalidOperationException">Not completed yet.</exception>
    public T Result => Task.GetAwaiter().GetResult();

    /// <summary>Supplies the result; false if there was one already.</summary>
    public bool TrySetResult(T result)
    {
        if (HasOutcome) return false;
        SetOutcome(result);
        WakeAll();
        return true;
    }

    /// <summary>Supplies a failure; false if it was completed already.</summary>
    public bool TrySetException(Exception error)
    {
        if (HasOutcome) return false;
        SetOutcome(error);
        WakeAll();
        return true;
    }

    /// <summary>Waits until completion, but no longer than <paramref name="timeout"/>; true if completed (then read <see cref="Result"/>).</summary>
    public LoopTask<bool> WaitFor(IClock clock, TimeSpan timeout) =>
        IsCompleted ? LoopTask.FromResult(true) : new TimedWait(this, clock, timeout).Task;

    internal override void OnCompleted(int token, Action continuation) => Add(new Waiter(Loop.Current, continuation));

    private protected override void OnRead()
    {
    }

    private void Add(Waiter waiter)
    {
        if (_first.Continuation is null && _others is not { Count: > 0 }) _first = waiter;
        else (_others ??= []).Add(waiter);
    }

    private void Remove(Action continuation)
    {
        if (_first.Continuation == continuation) _first = default;
        else _others?.RemoveAll(w => w.Continuation == continuation);
    }

    private void WakeAll()
    {
        _first.Wake();
        _first = default;
        if (_others is null) return;
        foreach (var waiter in _others) waiter.Wake();
        _others = null;
    }

    private readonly record struct Waiter(Loop Loop, Action? Continuation)
    {
        public void Wake()
        {
            if (Continuation is not null) Loop.Post(Continuation);
        }
    }

    private sealed class TimedWait : LoopOperation<bool>
    {
        private readonly LoopPromise<T> _promise;
        private readonly Action _completed;

        public TimedWait(LoopPromise<T> promise, IClock clock, TimeSpan timeout)
        {
            _promise = promise;
            _completed = () => TrySetResult(true);
            promise.Add(new Waiter(Loop.Current, _completed));
            clock.Arm(this, timeout);
        }

        public override ushort Kind => EventKinds.Timer;

        protected internal override void Fire()
        {
            _promise.Remove(_completed);
            Complete(_promise.IsCompleted);
        }
    }
}
