using System;
using System.Reflection;
using Simulator.Engine.Exploration;

namespace Simulator.Engine.Simulations;

/// <summary>A scenario made from a method that fills a <see cref="Simulation"/>.</summary>
/// <param name="name">The word by which it is called.</param>
/// <param name="description">One line for lists.</param>
/// <param name="define">Puts a run together; called once per seed, with a fresh simulation. What it captures must not outlive the call.</param>
public sealed class SimulationScenario(string name, string description, Action<Simulation> define) : Scenario
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Description => description;

    /// <summary>Latencies, sizes and other constants of the world, by seed.</summary>
    public Func<ulong, WorldOptions> Options { get; init; } = _ => new WorldOptions();

    /// <inheritdoc/>
    public override Assembly Code => define.Method.Module.Assembly;

    /// <inheritdoc/>
    public override WorldOptions WorldOptions(ulong seed) => Options(seed);

    /// <inheritdoc/>
    public override ScenarioRun Prepare(SimWorld world)
    {
        LeakListener.Watch(world, LeakWatch.Fail);
        var simulation = new Simulation(world);
        define(simulation);
        return new SimulationRun(simulation);
    }
}
