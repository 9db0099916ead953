using System;

namespace Simulator.Platform;

/// <summary>"Something changed": one waiting task is woken by <see cref="Set"/>; a set without a waiter is remembered once.</summary>
public sealed class LoopSignal
{
    private bool _set;
    private LoopPromise<bool>? _waiter;

    /// <summary>Wakes the waiter, or lets the next wait end at once.</summary>
    public void Set()
    {
        if (_waiter is { } waiter)
        {
            _waiter = null;
            waiter.TrySetResult(true);
        }
        else
        {
            _set = true;
        }
    }

    /// <summary>Waits for the next <see cref="Set"/>. One waiter at a time.</summary>
    public LoopTask Wait() => Consume() ? LoopTask.Completed : NewWaiter().Task.AsVoid();

    /// <summary>Waits for the next <see cref="Set"/> or the timeout; true if it was set.</summary>
    public async LoopTask<bool> Wait(IClock clock, TimeSpan timeout)
    {
        if (Consume()) return true;
        var waiter = NewWaiter();
        if (await waiter.WaitFor(clock, timeout)) return true;
        if (_waiter == waiter) _waiter = null;
        return false;
    }

    private bool Consume()
    {
        var set = _set;
        _set = false;
        return set;
    }

    private LoopPromise<bool> NewWaiter()
    {
        if (_waiter is not null) throw new InvalidOperationException("A signal has one waiter at a time.");
        return _waiter = new LoopPromise<bool>();
    }
}
