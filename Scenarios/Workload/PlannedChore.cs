using System;

namespace Scenarios.Workload;

/// <summary>What an operator does.</summary>
public enum ChoreKind
{
    /// <summary>Creates a topic.</summary>
    CreateTopic,

    /// <summary>Deletes a topic.</summary>
    DeleteTopic,

    /// <summary>Deletes /controller by hand, for another broker to be elected: the old controller keeps its session and hears of it later.</summary>
    DeposeController,
}

/// <summary>An operator's act at an instant, or as soon after it as the one before has ended.</summary>
/// <param name="At">Virtual time since the world began.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Topic">To which topic; empty for none.</param>
/// <param name="Partitions">Number of partitions of a topic that is created; else 0.</param>
public readonly record struct PlannedChore(TimeSpan At, ChoreKind Kind, string Topic, int Partitions);
