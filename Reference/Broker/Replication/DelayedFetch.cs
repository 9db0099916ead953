using System.Collections.Generic;
using Reference.Broker.Purgatory;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <summary>What a fetch saw of a partition before it read.</summary>
/// <param name="Partition">The replica.</param>
/// <param name="LeaderEpoch">Its leader epoch.</param>
/// <param name="Term">Its term.</param>
/// <param name="UpToLogEnd">True for followers, who read beyond the high watermark.</param>
/// <param name="End">Where the readable part ended.</param>
/// <param name="HighWatermark">The high watermark if its rise is news by itself, to followers that serve consumers; else -1.</param>
public readonly record struct FetchView(Partition Partition, int LeaderEpoch, int Term, bool UpToLogEnd, long End, long HighWatermark)
{
    /// <summary>What it is now.</summary>
    public static FetchView Of(Partition partition, bool upToLogEnd, bool withHighWatermark) => new(
        partition,
        partition.LeaderEpoch,
        partition.Term,
        upToLogEnd,
        upToLogEnd ? partition.Log.LogEndOffset : partition.Log.HighWatermark,
        withHighWatermark ? partition.Log.HighWatermark : -1);

    /// <summary>True if reading again may give something else.</summary>
    public bool HasChanged => this != Of(Partition, UpToLogEnd, HighWatermark >= 0);
}

/// <summary>A fetch that found too little: complete when a partition of it has changed since, then it reads again.</summary>
public sealed class DelayedFetch(IReadOnlyList<FetchView> views) : DelayedOperation
{
    private readonly LoopPromise<Nothing> _done = new();

    /// <summary>Ends on completion.</summary>
    public LoopTask Done => new(_done.Task);

    /// <inheritdoc/>
    protected override bool IsSatisfied()
    {
        for (var i = 0; i < views.Count; i++)
        {
            if (views[i].HasChanged) return true;
        }

        return false;
    }

    /// <inheritdoc/>
    protected override void OnComplete() => _done.TrySetResult(default);
}
