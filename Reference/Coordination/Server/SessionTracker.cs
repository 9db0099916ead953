using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Reference.Coordination.Server;

/// <summary>
/// When each open session was last heard of. Hearing from it costs a field; its timer looks again when the session could have
/// expired at the earliest.
/// </summary>
internal sealed class SessionTracker(IClock clock, Action<long> onExpired)
{
    private readonly Dictionary<long, Tracked> _sessions = [];

    /// <summary>Begins to watch over a session: opened, or found in the log after a restart; its timeout begins afresh.</summary>
    public void Track(long sessionId, int timeoutMillis)
    {
        var tracked = new Tracked { TimeoutMicros = timeoutMillis * 1000L, HeardMicros = clock.MonotonicMicros };
        _sessions.Add(sessionId, tracked);
        Arm(sessionId, tracked, tracked.TimeoutMicros);
    }

    /// <summary>The session was heard of just now.</summary>
    public void Touch(long sessionId)
    {
        if (_sessions.TryGetValue(sessionId, out var tracked)) tracked.HeardMicros = clock.MonotonicMicros;
    }

    /// <summary>The session is closed.</summary>
    public void Forget(long sessionId)
    {
        if (_sessions.Remove(sessionId, out var tracked)) tracked.Timer?.Cancel();
    }

    /// <summary>Watches over none any more.</summary>
    public void Stop()
    {
        foreach (var tracked in _sessions.Values) tracked.Timer?.Cancel();
        _sessions.Clear();
    }

    private void Arm(long sessionId, Tracked tracked, long micros) =>
        tracked.Timer = clock.Schedule(TimeSpan.FromMicroseconds(micros), () => Look(sessionId, tracked));

    private void Look(long sessionId, Tracked tracked)
    {
        var left = tracked.HeardMicros + tracked.TimeoutMicros - clock.MonotonicMicros;
        if (left > 0)
        {
            Arm(sessionId, tracked, left);
            return;
        }

        _sessions.Remove(sessionId);
        onExpired(sessionId);
    }

    private sealed class Tracked
    {
        public long TimeoutMicros { get; init; }

        public long HeardMicros { get; set; }

        public LoopTimer? Timer { get; set; }
    }
}
