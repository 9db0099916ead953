using Scenarios.Workload;
using Simulator.Engine.Timelines;

namespace Scenarios.History;

/// <summary>What an operator did and what came of it.</summary>
/// <param name="chore">What was to be done.</param>
public sealed class ChoreOperation(PlannedChore chore)
{
    /// <summary>What was to be done.</summary>
    public PlannedChore Chore => chore;

    /// <summary>How it ended; null while it has not. Of a time-out nobody knows what came of it.</summary>
    public OperationOutcome? Outcome { get; internal set; }
}
