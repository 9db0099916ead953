using System.Collections.Generic;
using Reference.Broker;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Replay;

namespace Scenarios.Replication;

/// <summary>
/// Three brokers, a coordination store, two producers and two consumers on replicated partitions, under crashes, power loss,
/// partitions, slow links and disks, bad clocks and freezes; then heal, recovery and a final read.
/// </summary>
/// <param name="decisions">The brokers' decisions; a mutant's where a bug is planted.</param>
/// <param name="name">The name under which it runs.</param>
public sealed class ReplicationScenario(BrokerDecisions? decisions = null, string name = "replication") : Scenario
{
    /// <summary>What the brokers decide by.</summary>
    public BrokerDecisions Decisions { get; } = decisions ?? BrokerDecisions.Kafka;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Description => "replicated partitions under crashes, power loss, partitions, slow disks and bad clocks";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, IReadOnlyList<string>> PlainerValues => Swarm.PlainerValues;

    /// <inheritdoc/>
    public override ScenarioRun Prepare(SimWorld world) => new ReplicationRun(world, Swarm.Draw(world.Random("swarm")), Decisions);

    /// <inheritdoc/>
    public override ScenarioRun Prepare(SimWorld world, RunScript script) => new ReplicationRun(world, Swarm.Of(script.Configuration), Decisions, script.Operations);
}
