using System.Collections.Generic;
using Scenarios.Replication;
using Simulator.Engine.Exploration;

namespace Scenarios;

/// <summary>All scenarios by name.</summary>
public static class Catalogue
{
    /// <summary>What runs where no scenario is named.</summary>
    public static Scenario Default => All[0];

    /// <summary>Every scenario.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [new ReplicationScenario()];
}
