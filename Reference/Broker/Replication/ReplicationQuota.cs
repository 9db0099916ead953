using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Reference.Broker.Replication;

/// <summary>
/// The bytes per second that throttled replication may take (KIP-73), measured over sliding windows of monotonic time. A quota stops
/// what comes next, never what is under way: a burst is made up for by silence.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="bytesPerSecond">The quota at first; <see cref="long.MaxValue"/>: none.</param>
/// <param name="windows">How many windows are looked at.</param>
/// <param name="windowMs">Length of a window in milliseconds.</param>
public sealed class ReplicationQuota(IClock clock, long bytesPerSecond, int windows, long windowMs)
{
    private readonly Queue<Window> _windows = [];
    private Window? _latest;

    /// <summary>The quota in bytes per second; <see cref="long.MaxValue"/>: none. Another one judges what was measured before too.</summary>
    public long BytesPerSecond { get; set; } = bytesPerSecond;

    /// <summary>Bytes per second over the windows still looked at.</summary>
    public double Rate
    {
        get
        {
            var now = clock.MonotonicMillis();
            Forget(now);
            if (_windows.Count == 0) return 0;
            long bytes = 0;
            foreach (var window in _windows) bytes += window.Bytes;
            return bytes * 1000.0 / Math.Max(now - _windows.Peek().StartMs, windowMs);
        }
    }

    /// <summary>True if nothing more may be taken now.</summary>
    public bool IsExceeded => BytesPerSecond != long.MaxValue && Rate > BytesPerSecond;

    /// <summary>Counts bytes that were taken.</summary>
    public void Record(long bytes)
    {
        if (bytes <= 0) return;
        var now = clock.MonotonicMillis();
        Forget(now);
        if (_windows.Count == 0 || now - _latest!.StartMs >= windowMs) _windows.Enqueue(_latest = new Window(now));
        _latest.Bytes += bytes;
    }

    private void Forget(long now)
    {
        while (_windows.TryPeek(out var oldest) && now - oldest.StartMs >= windows * windowMs) _windows.Dequeue();
    }

    private sealed class Window(long startMs)
    {
        public long StartMs { get; } = startMs;

        public long Bytes { get; set; }
    }
}
