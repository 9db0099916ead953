using System;
using System.Collections.Generic;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;

namespace Simulator.Engine.Replay;

/// <summary>Everything that was decided about a run, written out: it can be run again without the seed, read, edited and cut.</summary>
public sealed record RunScript
{
    /// <summary>What the scenario was built from.</summary>
    public required IReadOnlyDictionary<string, string> Configuration { get; init; }

    /// <summary>How long each phase lasts or may last.</summary>
    public required Phases Phases { get; init; }

    /// <summary>The run goes no further than this instant, whatever phase it is in; null for a run to its verdict.</summary>
    public TimeSpan? End { get; init; }

    /// <summary>The faults that are injected, and no others. One that the state of the world does not fit when its instant comes is left out.</summary>
    public required IReadOnlyList<PlannedFault> Faults { get; init; }

    /// <summary>The workload; empty for a scenario that does not plan it.</summary>
    public required IReadOnlyList<PlannedOperation> Operations { get; init; }

    /// <summary>Where the streams of draws begin, by name; <see cref="Noise.Others"/> for those that are not named.</summary>
    public required IReadOnlyDictionary<string, StreamStart> Streams { get; init; }
}
