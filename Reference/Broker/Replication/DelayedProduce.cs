using System;
using System.Collections.Generic;
using Reference.Broker.Purgatory;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <summary>An append that waits until the ISR has it.</summary>
/// <param name="Partition">The replica that appended.</param>
/// <param name="Term">Its term then.</param>
/// <param name="RequiredOffset">The high watermark that settles it.</param>
/// <param name="Report">Told the outcome once.</param>
public sealed record PendingAppend(Partition Partition, int Term, long RequiredOffset, Action<ErrorCode> Report)
{
    /// <summary>True once reported.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Reports the outcome if there is one.</summary>
    public bool TrySettle()
    {
        if (!IsSettled && Partition.Settled(RequiredOffset, Term) is { } outcome) Settle(outcome);
        return IsSettled;
    }

    internal void Settle(ErrorCode outcome)
    {
        if (IsSettled) return;
        IsSettled = true;
        Report(outcome);
    }
}

/// <summary>A produce request with acks=all: complete when each of its appends is settled, or with REQUEST_TIMED_OUT for the rest.</summary>
public sealed class DelayedProduce(IReadOnlyList<PendingAppend> appends) : DelayedOperation
{
    private readonly LoopPromise<Nothing> _done = new();

    /// <summary>Ends on completion.</summary>
    public LoopTask Done => new(_done.Task);

    /// <inheritdoc/>
    protected override bool IsSatisfied()
    {
        var all = true;
        foreach (var append in appends) all &= append.TrySettle();
        return all;
    }

    /// <inheritdoc/>
    protected override void OnExpire()
    {
        foreach (var append in appends) append.Settle(ErrorCode.RequestTimedOut);
    }

    /// <inheritdoc/>
    protected override void OnComplete() => _done.TrySetResult(default);
}
