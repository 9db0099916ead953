using System;

namespace Simulator.Platform;

/// <summary>
/// A node's two clocks. In the real world and in the simulator they differ: wall time may jump in either direction, monotonic
/// time never goes back but may run fast or slow, and neither agrees between nodes.
/// </summary>
public interface IClock
{
    /// <summary>Microseconds since some instant before the node started; never falls.</summary>
    long MonotonicMicros { get; }

    /// <summary>Milliseconds since 1970-01-01T00:00:00Z as the node believes; may jump.</summary>
    long WallMillis { get; }

    /// <summary>Schedules an event of the current loop after a span of this clock; not earlier, perhaps later.</summary>
    void Arm(LoopEvent item, TimeSpan delay);
}
