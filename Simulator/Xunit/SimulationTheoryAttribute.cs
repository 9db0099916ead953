using System;
using Xunit;
using Xunit.Sdk;

namespace Simulator.Xunit;

/// <summary>
/// A test that holds for many seeds. The method takes a <see cref="Engine.Simulations.Simulation"/> and fills it, and is then run as
/// the seed says; or it takes a <c>ulong</c> seed and does all by itself; or it takes nothing and returns a
/// <see cref="Engine.Exploration.Scenario"/>. It is one test, which fails with the smallest failing seed.
/// </summary>
/// <remarks>
/// The environment variable <c>SIM_SEED=17</c> runs that seed alone; <c>SIM_SEEDS=5000</c> (or <c>1..5000</c>) runs others than the
/// attribute names. Each seed has an instance of the test class of its own.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Simulator.Xunit." + nameof(SimulationTestCaseDiscoverer), "Simulator.Xunit")]
public sealed class SimulationTheoryAttribute : FactAttribute
{
    /// <summary>How many seeds.</summary>
    public int Seeds { get; set; } = 100;

    /// <summary>The first of them.</summary>
    public ulong FirstSeed { get; set; } = 1;

    /// <summary>How many threads run seeds at a time.</summary>
    public int Jobs { get; set; } = 1;

    /// <summary>
    /// Whether each seed is run twice in the process of the tests, and the two runs compared event by event. That finds the wall clock,
    /// unseeded randomness and what a static keeps from run to run. What differs only between two processes it cannot find, above all the
    /// order that the hash codes of strings decide: for that, run the scenario with <c>--check</c> of
    /// <see cref="Engine.Simulations.SimulationConsole"/> or of <c>sim run</c>, each of which has a second process.
    /// </summary>
    public bool Check { get; set; }
}
