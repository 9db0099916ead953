using System;
using System.Collections.Generic;
using tools.RealCluster.Faults;

namespace tools.RealCluster;

/// <summary>What a run is to be.</summary>
public sealed record RealRunOptions
{
    /// <summary>Number of the topic's partitions.</summary>
    public const int Partitions = 3;

    /// <summary>Decides the schedule.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Number of faults.</summary>
    public int Steps { get; init; } = 6;

    /// <summary>-1 for all; with 1 what was acknowledged may be lost, and the checkers are to say so.</summary>
    public short Acks { get; init; } = -1;

    /// <summary>Each broker in a network namespace of its own, with links that can be cut.</summary>
    public bool Namespaces { get; init; }

    /// <summary>The program that takes part as kcat, by its name on PATH or its path; where it is missing the run goes without, and says so.</summary>
    public string Kcat { get; init; } = "kcat";

    /// <summary>The schedule; null: the seed's.</summary>
    public IReadOnlyList<FaultStep>? Schedule { get; init; }

    /// <summary>Where the data stand; they are the caller's to delete.</summary>
    public required string Directory { get; init; }

    /// <summary>Hears what is done.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
