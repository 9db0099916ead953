namespace Simulator.Platform;

/// <summary>A delay that somebody awaits; used again for another when it has ended.</summary>
internal sealed class DelayOperation : LoopOperation<Nothing>
{
    private readonly LoopThread _thread;

    private DelayOperation(LoopThread thread) => _thread = thread;

    /// <inheritdoc/>
    public override ushort Kind => EventKinds.Timer;

    /// <summary>One that is not in use.</summary>
    public static DelayOperation Rent(LoopThread thread)
    {
        var operation = thread.Delays.Take() ?? new DelayOperation(thread);
        if (operation.Owner != thread.Running) operation.Owner = thread.Running;
        return operation;
    }

    /// <inheritdoc/>
    protected internal override void Fire() => Complete(default);

    /// <inheritdoc/>
    protected override void Recycle()
    {
        // To the pool from which it came: a loop that has moved to another thread leaves its delays to the garbage collector.
        if (Owner!.Thread == _thread) _thread.Delays.Give(this);
    }
}
