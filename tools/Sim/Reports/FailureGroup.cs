using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine.Exploration;

namespace tools.Sim.Reports;

/// <summary>Failures of one signature.</summary>
/// <param name="Signature">See <see cref="FailureSignature"/>.</param>
/// <param name="Failures">In ascending order of their seeds.</param>
internal sealed record FailureGroup(string Signature, IReadOnlyList<SeedResult> Failures)
{
    /// <summary>The failure with the smallest seed.</summary>
    public SeedResult Smallest => Failures[0];

    /// <summary>The groups of some failures, the largest first.</summary>
    public static IReadOnlyList<FailureGroup> Of(IEnumerable<SeedResult> failures) => failures
        .GroupBy(f => (f.Scenario, Signature: FailureSignature.Of(f.Failure!)))
        .Select(g => new FailureGroup(g.Key.Signature, g.OrderBy(f => f.Seed).ToList()))
        .OrderByDescending(g => g.Failures.Count).ThenBy(g => g.Signature, StringComparer.Ordinal)
        .ToList();
}
