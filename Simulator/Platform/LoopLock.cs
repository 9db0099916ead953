using System;
using System.Collections.Generic;

namespace Simulator.Platform;

/// <summary>Keeps a sequence of awaits whole against other tasks of the same loop; first come, first served.</summary>
public sealed class LoopLock
{
    private readonly Queue<LoopPromise<Nothing>> _waiters = new();

    /// <summary>True while someone holds it.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Waits for the lock.</summary>
    public LoopTask Acquire()
    {
        if (!IsHeld)
        {
            IsHeld = true;
            return LoopTask.Completed;
        }

        var waiter = new LoopPromise<Nothing>();
        _waiters.Enqueue(waiter);
        return new LoopTask(waiter.Task);
    }

    /// <summary>Hands the lock to the next waiter.</summary>
    /// <exception cref="InvalidOperationException">Nobody holds it.</exception>
    public void Release()
    {
        if (!IsHeld) throw new InvalidOperationException("The lock is not held.");
        if (_waiters.TryDequeue(out var next)) next.TrySetResult(default);
        else IsHeld = false;
    }
}
