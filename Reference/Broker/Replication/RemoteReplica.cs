using System;

namespace Reference.Broker.Replication;

/// <summary>What a leader knows of a follower from its fetches. Times are monotonic milliseconds of the leader's clock.</summary>
public sealed class RemoteReplica(int brokerId)
{
    private long _lastFetchMs;
    private long _leaderEndAtLastFetch;

    /// <summary>The follower's broker id.</summary>
    public int BrokerId { get; } = brokerId;

    /// <summary>The epoch of the registration of which the following is known; -1 if it is not known.</summary>
    public long BrokerEpoch { get; private set; } = -1;

    /// <summary>True while the store is asked for its registration: once at a time, however often it fetches meanwhile.</summary>
    public bool IsLookedUp { get; set; }

    /// <summary>The log start that its last fetch named; -1 before the first fetch in this leadership.</summary>
    public long FetchedLogStart { get; private set; } = -1;

    /// <summary>Its log end as of its last fetch; -1 before the first fetch in this leadership.</summary>
    public long LogEndOffset { get; private set; } = -1;

    /// <summary>Its log start offset as of its last fetch; -1 before the first fetch in this leadership.</summary>
    public long LogStartOffset { get; set; } = -1;

    /// <summary>The high watermark that it was last told; -1 before the first time in this leadership.</summary>
    public long ToldHighWatermark { get; private set; } = -1;

    /// <summary>The last instant at which it had all that the leader had; <see cref="long.MinValue"/> if never.</summary>
    public long LastCaughtUpMs { get; private set; } = long.MinValue;

    /// <summary>A new leadership begins: members of the ISR get the benefit of the doubt until <c>replica.lag.time.max.ms</c> is over.</summary>
    public void BeginLeadership(bool inSync, long nowMs)
    {
        LogEndOffset = -1;
        LogStartOffset = -1;
        FetchedLogStart = -1;
        ToldHighWatermark = -1;
        _lastFetchMs = 0;
        _leaderEndAtLastFetch = long.MaxValue;
        LastCaughtUpMs = inSync ? nowMs : long.MinValue;
    }

    /// <summary>
    /// The broker is known to run in a registration: if that is a later one than before, nothing is known of its log any more. A member of the
    /// ISR gets the same benefit of the doubt as from a new leader; the high watermark waits for it meanwhile.
    /// </summary>
    public void RunsIn(long brokerEpoch, bool inSync, long nowMs)
    {
        if (brokerEpoch <= BrokerEpoch) return;
        if (BrokerEpoch >= 0) BeginLeadership(inSync, nowMs);
        BrokerEpoch = brokerEpoch;
    }

    /// <summary>The store knows the broker in another registration than that of which something was believed: nothing is known of its log.</summary>
    public void Correct(long brokerEpoch, bool inSync, long nowMs)
    {
        BeginLeadership(inSync, nowMs);
        BrokerEpoch = brokerEpoch;
    }

    /// <summary>The controller took it out of the ISR: nothing waits for it until it fetches again.</summary>
    public void LeftIsr() => LastCaughtUpMs = long.MinValue;

    /// <summary>
    /// Notes a fetch. A follower that asks for the leader's end has caught up now; one that asks for what was the end at its
    /// previous fetch had caught up then, though new records came since.
    /// </summary>
    public void Fetched(long fetchOffset, long leaderEnd, long nowMs, long logStart = 0)
    {
        if (fetchOffset >= leaderEnd) LastCaughtUpMs = Math.Max(LastCaughtUpMs, nowMs);
        else if (fetchOffset >= _leaderEndAtLastFetch) LastCaughtUpMs = Math.Max(LastCaughtUpMs, _lastFetchMs);
        LogEndOffset = fetchOffset;
        FetchedLogStart = logStart;
        _leaderEndAtLastFetch = leaderEnd;
        _lastFetchMs = nowMs;
    }

    /// <summary>Notes the high watermark of an answer; true if it is higher than the last.</summary>
    public bool Tell(long highWatermark)
    {
        var isNews = highWatermark > ToldHighWatermark;
        ToldHighWatermark = Math.Max(ToldHighWatermark, highWatermark);
        return isNews;
    }

    /// <summary>True if it has caught up within the last <paramref name="maxLagMs"/>.</summary>
    public bool CaughtUpWithin(long maxLagMs, long nowMs) => LastCaughtUpMs != long.MinValue && nowMs - LastCaughtUpMs <= maxLagMs;
}
