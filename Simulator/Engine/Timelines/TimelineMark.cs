using System.Collections.Generic;

namespace Simulator.Engine.Timelines;

/// <summary>Something that happened at an instant: a process started or died, a phase began, a line was logged.</summary>
/// <param name="Micros">Virtual time.</param>
/// <param name="Event">Number of the event during which it happened.</param>
/// <param name="Lane">Index of the machine into <see cref="Timeline.Lanes"/>; -1 for the world's own.</param>
/// <param name="Kind">process, freeze, phase, log, ….</param>
/// <param name="Text">What happened.</param>
/// <param name="UntilMicros">Of a freeze: when it ends by itself.</param>
public readonly record struct TimelineMark(long Micros, long Event, int Lane, string Kind, string Text, long UntilMicros = 0);

/// <summary>A fault from its beginning to its end.</summary>
public sealed class TimelineBand
{
    /// <summary>The fault's kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Where and how strongly, in words.</summary>
    public required string Text { get; init; }

    /// <summary>Indices of the machines that it names into <see cref="Timeline.Lanes"/>.</summary>
    public required IReadOnlyList<int> Lanes { get; init; }

    /// <summary>Virtual time of its beginning.</summary>
    public required long BeginMicros { get; init; }

    /// <summary>Event of its beginning.</summary>
    public required long BeginEvent { get; init; }

    /// <summary>Virtual time of its end; that of the beginning for a fault of an instant; null while in force.</summary>
    public long? EndMicros { get; internal set; }

    /// <summary>Event of its end.</summary>
    public long EndEvent { get; internal set; }
}
