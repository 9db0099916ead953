using System;
using System.Collections.Generic;
using Reference.Broker.Purgatory;
using Simulator.Platform;

namespace Reference.Broker.Handlers;

/// <summary>Waits until the metadata of topics shows that they were created or deleted.</summary>
internal sealed class TopicChangeWait(Func<bool> isDone) : DelayedOperation
{
    private readonly LoopPromise<Nothing> _done = new();

    /// <summary>Waits, for at most the time given; the caller then looks for itself how far things have come.</summary>
    public static async LoopTask Until(BrokerServices services, IReadOnlyList<string> topics, int timeoutMs, Func<bool> isDone)
    {
        if (topics.Count == 0 || timeoutMs <= 0) return;
        var wait = new TopicChangeWait(isDone);
        if (!await services.TopicChanges.TryCompleteElseWatch(wait, TimeSpan.FromMilliseconds(timeoutMs), topics)) await wait._done.Task;
    }

    protected override bool IsSatisfied() => isDone();

    protected override void OnComplete() => _done.TrySetResult(default);
}
