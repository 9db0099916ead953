using System.Collections.Generic;

namespace Simulator.Engine.Timelines;

/// <summary>
/// What happened in a run, to be drawn: machines as lanes, messages between them, faults, operations of clients, and the values that
/// the scenario supplied. Written as a page or for other tools by the classes in Simulator.Engine.Timelines.Export.
/// </summary>
public sealed record Timeline
{
    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What the seed chose.</summary>
    public required IReadOnlyDictionary<string, string> Configuration { get; init; }

    /// <summary>Virtual time of the run's end, in microseconds.</summary>
    public required long EndMicros { get; init; }

    /// <summary>Number of events of the run.</summary>
    public required long Events { get; init; }

    /// <summary>Why it failed, with the instant and the event; null if all held.</summary>
    public required SimFailure? Failure { get; init; }

    /// <summary>The machines by name.</summary>
    public required IReadOnlyList<string> Lanes { get; init; }

    /// <summary>The names of messages.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The connections.</summary>
    public required IReadOnlyList<TimelineConnection> Connections { get; init; }

    /// <summary>The messages in the order of their sending.</summary>
    public required IReadOnlyList<TimelineMessage> Messages { get; init; }

    /// <summary>Number of messages of the run, those that were thinned out included.</summary>
    public required long MessagesSeen { get; init; }

    /// <summary>For about how many messages an older one stands; 1 if all are there.</summary>
    public required int MessageStride { get; init; }

    /// <summary>Instants, in order.</summary>
    public required IReadOnlyList<TimelineMark> Marks { get; init; }

    /// <summary>Number of the oldest log lines that were dropped.</summary>
    public required long LogLinesDropped { get; init; }

    /// <summary>The faults, in order of their beginning.</summary>
    public required IReadOnlyList<TimelineBand> Bands { get; init; }

    /// <summary>The series, in the order of their making.</summary>
    public required IReadOnlyList<TimelineSeries> Series { get; init; }

    /// <summary>The operations of clients, in order of their beginning.</summary>
    public required IReadOnlyList<TimelineOperation> Operations { get; init; }
}
