using System;
using Simulator.Platform;

namespace Reference.Broker.Purgatory;

/// <summary>
/// A request that waits for a condition or for its time. It completes exactly once: by <see cref="TryComplete"/> when something it
/// watches has changed, or by expiry.
/// </summary>
public abstract class DelayedOperation
{
    internal LoopTimer? Timer { get; set; }

    internal Action? Unwatch { get; set; }

    /// <summary>True once completed, by condition or by time.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>Completes now, unless that has happened already; false then.</summary>
    public bool ForceComplete()
    {
        if (IsCompleted) return false;
        IsCompleted = true;
        Timer?.Cancel();
        Unwatch?.Invoke();
        OnComplete();
        return true;
    }

    /// <summary>Completes if the condition holds. Called after every change of what is watched, and never skipped: no later change may come (KAFKA-6653).</summary>
    /// <returns>True if this call completed it.</returns>
    public bool TryComplete() => !IsCompleted && IsSatisfied() && ForceComplete();

    /// <summary>Whether the condition holds; no side effects on others.</summary>
    protected abstract bool IsSatisfied();

    /// <summary>Runs once on completion of either kind.</summary>
    protected abstract void OnComplete();

    internal void Expire()
    {
        if (IsCompleted) return;
        OnExpire();
        ForceComplete();
    }

    /// <summary>The time is up; <see cref="OnComplete"/> follows.</summary>
    protected virtual void OnExpire()
    {
    }
}
