using System.Collections.Generic;
using Simulator.Platform;

namespace Reference.Broker.Handlers.Sessions;

/// <summary>
/// The fetch sessions of a broker, in a bounded number of slots (KIP-227). When all are taken a new session pushes out one that was
/// not used for two minutes; or, a follower's, the smallest of a consumer; or one that is smaller and older than two minutes. Else it is
/// not opened, and its fetcher goes on with full fetches.
/// </summary>
public sealed class FetchSessionCache
{
    /// <summary>How long an unused session is kept, and a used one from smaller claims, in milliseconds.</summary>
    public const long EvictionMs = 120_000;

    private readonly int _slots;
    private readonly IClock _clock;
    private readonly RandomStream _ids;
    private readonly SortedDictionary<int, FetchSession> _sessions = [];

    /// <summary>An empty cache.</summary>
    /// <param name="node">The process.</param>
    /// <param name="slots"><c>max.incremental.fetch.session.cache.slots</c>.</param>
    public FetchSessionCache(Node node, int slots)
    {
        _slots = slots;
        _clock = node.Clock;
        _ids = node.Random.Stream("fetch-session-id");
    }

    /// <summary>How many sessions there are.</summary>
    public int Count => _sessions.Count;

    /// <summary>Their ids, for inspection.</summary>
    public IReadOnlyCollection<int> Ids => _sessions.Keys;

    /// <summary>A session by its id, or null.</summary>
    public FetchSession? Find(int id) => _sessions.GetValueOrDefault(id);

    /// <summary>A session is used now.</summary>
    public void Touch(FetchSession session) => session.LastUsedMs = _clock.MonotonicMillis();

    /// <summary>Opens a session for a fetch of so many partitions; null if there is no room for it.</summary>
    public FetchSession? TryOpen(bool isFollower, int partitions)
    {
        if (_sessions.Count >= _slots && !TryEvict(isFollower, partitions)) return null;
        var session = new FetchSession(UnusedId(), isFollower, _clock.MonotonicMillis());
        _sessions.Add(session.Id, session);
        return session;
    }

    /// <summary>Ends a session.</summary>
    public void Close(int id) => _sessions.Remove(id);

    private bool TryEvict(bool isFollower, int partitions)
    {
        var now = _clock.MonotonicMillis();
        FetchSession? oldest = null;
        FetchSession? least = null;
        foreach (var session in _sessions.Values)
        {
            if (oldest is null || session.LastUsedMs < oldest.LastUsedMs) oldest = session;
            if (IsClaimable(session, isFollower, now) && (least is null || Rank(session).CompareTo(Rank(least)) < 0)) least = session;
        }

        var victim = oldest is not null && now - oldest.LastUsedMs > EvictionMs ? oldest
            : least is not null && (isFollower, partitions, 0).CompareTo(Rank(least)) >= 0 ? least
            : null;
        return victim is not null && _sessions.Remove(victim.Id);
    }

    private static bool IsClaimable(FetchSession session, bool byFollower, long now) =>
        (byFollower && !session.IsFollower) || now - session.CreatedMs > EvictionMs;

    private static (bool IsFollower, int Partitions, int Id) Rank(FetchSession session) => (session.IsFollower, session.Count, session.Id);

    private int UnusedId()
    {
        var id = 1 + _ids.Next(int.MaxValue - 1);
        while (_sessions.ContainsKey(id)) id = id == int.MaxValue ? 1 : id + 1;
        return id;
    }
}
