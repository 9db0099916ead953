using System;
using System.Collections.Generic;

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

    /// <summary>Asks the controller to move a partition to other replicas.</summary>
    Move,

    /// <summary>Writes such a wish into /admin/reassign_partitions, as the tools of old did.</summary>
    MoveByZnode,

    /// <summary>Gives a partition's move up.</summary>
    CancelMove,

    /// <summary>Asks which moves are under way.</summary>
    ListMoves,

    /// <summary>Gives a topic more partitions.</summary>
    AddPartitions,

    /// <summary>Has the preferred replica of a partition elected.</summary>
    ElectPreferred,

    /// <summary>Deletes the older records of a partition.</summary>
    DeleteRecords,
}

/// <summary>An operator's act at an instant, or as soon after it as the one before has ended.</summary>
/// <param name="At">Virtual time since the world began.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Topic">To which topic; empty for none.</param>
/// <param name="Partitions">Number of partitions of a topic that is created or grows; else 0.</param>
public sealed record PlannedChore(TimeSpan At, ChoreKind Kind, string Topic = "", int Partitions = 0)
{
    /// <summary>To which partition of the topic.</summary>
    public int Partition { get; init; }

    /// <summary>The share of the offsets known to be there below which records are deleted, in percent; 100: all that are committed.</summary>
    public int Percent { get; init; }

    /// <summary>Broker ids wished for in a move, preferred leader first.</summary>
    public IReadOnlyList<int> Replicas { get; init; } = [];

    /// <summary>True for what may change a partition's replicas.</summary>
    public bool IsMove => Kind is ChoreKind.Move or ChoreKind.MoveByZnode or ChoreKind.CancelMove;
}
