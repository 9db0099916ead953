using System.Collections.Generic;
using Reference.Broker;
using Scenarios.Cluster;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Replay;

namespace Scenarios.Running;

/// <summary>
/// Three brokers, a coordination store, two producers and two consumers on replicated partitions, under the faults of a plan; then
/// heal, recovery and a final read.
/// </summary>
/// <param name="plan">What the scenario has of its own.</param>
/// <param name="decisions">The brokers' decisions; a mutant's where a bug is planted.</param>
public sealed class ClusterScenario(ScenarioPlan plan, BrokerDecisions? decisions = null) : Scenario
{
    /// <summary>What the brokers decide by.</summary>
    public BrokerDecisions Decisions { get; } = decisions ?? BrokerDecisions.Kafka;

    /// <inheritdoc/>
    public override string Name => plan.Name;

    /// <inheritdoc/>
    public override string Description => plan.Description;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, IReadOnlyList<string>> PlainerValues => Swarm.PlainerValues;

    /// <inheritdoc/>
    public override ScenarioRun Prepare(SimWorld world)
    {
        var random = world.Random("swarm");
        return new ClusterRun(world, plan, plan.Adjust(Swarm.Draw(random), random), Decisions);
    }

    /// <inheritdoc/>
    public override ScenarioRun Prepare(SimWorld world, RunScript script) => new ClusterRun(world, plan, Swarm.Of(script.Configuration), Decisions, script.Operations);
}
