using System;

namespace Simulator.Platform;

/// <summary>Delays, timers and deadlines on a node's clock.</summary>
public static class ClockExtensions
{
    /// <summary>Ends after <paramref name="delay"/> of the node's monotonic clock.</summary>
    public static LoopTask Delay(this IClock clock, TimeSpan delay)
    {
        var operation = DelayOperation.Rent(LoopThread.Here);
        clock.Arm(operation, delay);
        return new LoopTask(operation.Task);
    }

    /// <summary>Calls back once after <paramref name="delay"/>, unless the timer is cancelled before.</summary>
    public static LoopTimer Schedule(this IClock clock, TimeSpan delay, Action callback)
    {
        var timer = new LoopTimer(callback);
        clock.Arm(timer, delay);
        return timer;
    }

    /// <summary>Milliseconds of the monotonic clock.</summary>
    public static long MonotonicMillis(this IClock clock) => clock.MonotonicMicros / 1000;
}

/// <summary>A callback due at an instant; cancellable in O(1).</summary>
public sealed class LoopTimer : LoopEvent
{
    private readonly Action _callback;

    internal LoopTimer(Action callback) => _callback = callback;

    /// <inheritdoc/>
    public override ushort Kind => EventKinds.Timer;

    /// <summary>Takes the timer back; nothing happens if it has fired already.</summary>
    public void Cancel()
    {
        if (IsScheduled) Owner!.Cancel(this);
    }

    /// <inheritdoc/>
    protected internal override void Fire() => _callback();
}
