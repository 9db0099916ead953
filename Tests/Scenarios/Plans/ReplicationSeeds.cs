using System;
using System.Collections.Generic;
using System.Linq;
using Scenarios.Plans;
using Scenarios.Running;
using Simulator.Engine.Exploration;

namespace Tests.Scenarios.Plans;

/// <summary>The first seeds of the replication scenario, each run twice and compared; shared by the tests that look at them.</summary>
public sealed class ReplicationSeeds
{
    /// <summary>How many.</summary>
    public const int Count = 8;

    /// <summary>The results in seed order.</summary>
    public IReadOnlyList<SeedResult> Results { get; } =
        new Campaign(new ClusterScenario(ReplicationPlan.Plan), [.. Enumerable.Range(1, Count).Select(i => (ulong)i)], Environment.ProcessorCount, check: true).Run();

    /// <summary>The median over the seeds.</summary>
    public double Median(Func<SeedResult, double> figure)
    {
        var sorted = Results.Select(figure).Order().ToList();
        return (sorted[(Count - 1) / 2] + sorted[Count / 2]) / 2;
    }
}
