using System;
using System.Collections.Generic;
using Simulator.Engine;

namespace Scenarios.Workload;

/// <summary>The clients of a run and what is drawn for them. Instants are virtual time since the world began.</summary>
public sealed record WorkloadShape
{
    /// <summary>Who sends.</summary>
    public required IReadOnlyList<string> Producers { get; init; }

    /// <summary>Who reads.</summary>
    public required IReadOnlyList<string> Consumers { get; init; }

    /// <summary>Number of partitions.</summary>
    public required int Partitions { get; init; }

    /// <summary>The instant of the first send.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>The instant at which consumers begin.</summary>
    public required TimeSpan ReadStart { get; init; }

    /// <summary>Nothing is done from this instant on.</summary>
    public required TimeSpan End { get; init; }

    /// <summary>Between two sends of a producer.</summary>
    public required Range<TimeSpan> SendPause { get; init; }

    /// <summary>Between two chores of the operator; zero for no operator.</summary>
    public Range<TimeSpan> ChorePause { get; init; }

    /// <summary>The topic that is written and read.</summary>
    public required string Topic { get; init; }

    /// <summary>The brokers to which the operator may move partitions; 0 for no moves.</summary>
    public int MoveTargets { get; init; }

    /// <summary>Between two deletions of records by the operator; zero for none.</summary>
    public Range<TimeSpan> DeletionPause { get; init; }

    /// <summary>Number of keys of a partition; 0: records have none.</summary>
    public int Keys { get; init; }

    /// <summary>Between two seeks of a consumer.</summary>
    public Range<TimeSpan> SeekPause { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(9));

    /// <summary>How often a send is a burst of several records, which share batches.</summary>
    public double BurstProbability { get; init; } = 0.03;

    /// <summary>Records of a burst at most.</summary>
    public int LongestBurst { get; init; } = 8;
}
