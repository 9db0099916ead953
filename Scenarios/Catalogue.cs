using System.Collections.Generic;
using System.Linq;
using Scenarios.Plans;
using Scenarios.Running;
using Simulator.Engine.Exploration;

namespace Scenarios;

/// <summary>All scenarios by name.</summary>
public static class Catalogue
{
    /// <summary>What runs where no scenario is named.</summary>
    public static Scenario Default => All[0];

    /// <summary>The plans of the cluster scenarios; the first is the default.</summary>
    private static IReadOnlyList<ScenarioPlan> Plans =>
    [
        ReplicationPlan.Plan, LogRecoveryPlan.Plan, ControllerFailoverPlan.Plan, SlowDiskPlan.Plan, ClockChaosPlan.Plan, RollingRestartPlan.Plan, ReassignmentPlan.Plan,
        RetentionAndCompactionPlan.Plan, UncleanElectionPlan.Plan,
    ];

    /// <summary>Every scenario.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [.. Plans.Select(p => new ClusterScenario(p))];
}
