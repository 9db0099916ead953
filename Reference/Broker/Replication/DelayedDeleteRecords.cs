using System.Collections.Generic;
using Reference.Broker.Purgatory;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <summary>A deletion of records that waits until every live replica's log starts at its offset or later.</summary>
/// <param name="partition">The replica that led.</param>
/// <param name="term">Its term then.</param>
/// <param name="offset">First offset that stays.</param>
public sealed class PendingDeletion(Partition partition, int term, long offset)
{
    /// <summary>Which partition.</summary>
    public TopicPartition Id => partition.Id;

    /// <summary>The outcome; null while it is open.</summary>
    public ErrorCode? Outcome { get; private set; }

    /// <summary>The least log start of the live replicas when it was settled; -1 after an error.</summary>
    public long LowWatermark { get; private set; } = -1;

    /// <summary>Settles it if that can be done now.</summary>
    public bool TrySettle()
    {
        if (Outcome is not null) return true;
        if (partition.Role == ReplicaRole.Offline) Outcome = ErrorCode.KafkaStorageError;
        else if (partition.Leadership is not { } leader || partition.Term != term) Outcome = ErrorCode.NotLeaderOrFollower;
        else if (leader.LowWatermark(partition.Log.LogStartOffset) is var low && low >= offset) (Outcome, LowWatermark) = (ErrorCode.None, low);
        return Outcome is not null;
    }

    internal void Expire() => Outcome ??= ErrorCode.RequestTimedOut;
}

/// <summary>A DeleteRecords request: complete when each of its deletions is settled, or with REQUEST_TIMED_OUT for the rest.</summary>
public sealed class DelayedDeleteRecords(IReadOnlyList<PendingDeletion> deletions) : DelayedOperation
{
    private readonly LoopPromise<Nothing> _done = new();

    /// <summary>Ends on completion.</summary>
    public LoopTask Done => new(_done.Task);

    /// <inheritdoc/>
    protected override bool IsSatisfied()
    {
        var all = true;
        foreach (var deletion in deletions) all &= deletion.TrySettle();
        return all;
    }

    /// <inheritdoc/>
    protected override void OnExpire()
    {
        foreach (var deletion in deletions) deletion.Expire();
    }

    /// <inheritdoc/>
    protected override void OnComplete() => _done.TrySetResult(default);
}
