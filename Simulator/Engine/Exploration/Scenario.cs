using System;
using System.Collections.Generic;
using System.Reflection;
using Simulator.Engine.Faults;
using Simulator.Engine.Inspection;
using Simulator.Engine.Properties;
using Simulator.Engine.Replay;

namespace Simulator.Engine.Exploration;

/// <summary>A system under test with its workload, faults and properties: everything but the seed.</summary>
public abstract class Scenario
{
    /// <summary>The word by which it is called.</summary>
    public abstract string Name { get; }

    /// <summary>One line for lists.</summary>
    public abstract string Description { get; }

    /// <summary>The assembly that holds its code; results of different code do not mix.</summary>
    public virtual Assembly Code => GetType().Assembly;

    /// <summary>Constants of the world; may draw from the seed.</summary>
    public virtual WorldOptions WorldOptions(ulong seed) => new();

    /// <summary>Builds one run in a fresh world: topology, configuration, workload and faults all follow from the world's seed.</summary>
    public abstract ScenarioRun Prepare(SimWorld world);

    /// <summary>
    /// Builds a run from what a script says instead of drawing it. A scenario that does not override this draws as ever, from streams
    /// that begin where the script says: its configuration cannot be edited, and it plans no operations.
    /// </summary>
    /// <exception cref="ReplayException">The script does not fit the scenario.</exception>
    public virtual ScenarioRun Prepare(SimWorld world, RunScript script)
    {
        if (script.Operations.Count > 0) throw new ReplayException($"The scenario {Name} plans no operations, but the script has {script.Operations.Count}.");
        var run = Prepare(world);
        foreach (var (name, value) in script.Configuration)
        {
            if (run.Configuration.GetValueOrDefault(name) is var own && own != value)
                throw new ReplayException($"The configuration of the scenario {Name} cannot be edited, but the script has '{name}' as '{value}' instead of '{own}'.");
        }

        return run;
    }

    /// <summary>For each value of the configuration that shrinking may make plainer, the plainer ones, the plainest first.</summary>
    public virtual IReadOnlyDictionary<string, IReadOnlyList<string>> PlainerValues => new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>How long each phase of a run lasts or may last, in virtual time.</summary>
/// <param name="WarmUp">No faults yet.</param>
/// <param name="Faults">The nemesis is at work.</param>
/// <param name="RecoveryLimit">After the heal: how long the system may take until it has recovered.</param>
/// <param name="FinalReadLimit">How long the final read may take.</param>
public sealed record Phases(TimeSpan WarmUp, TimeSpan Faults, TimeSpan RecoveryLimit, TimeSpan FinalReadLimit);

/// <summary>One run of a scenario. Its methods are called by <see cref="SeedRunner"/> in the order in which they stand here.</summary>
public abstract class ScenarioRun
{
    /// <summary>The length of the phases.</summary>
    public abstract Phases Phases { get; }

    /// <summary>What the seed chose, for reports.</summary>
    public abstract IReadOnlyDictionary<string, string> Configuration { get; }

    /// <summary>The whole workload, if the scenario plans it beforehand and can be built from such a plan.</summary>
    public virtual IReadOnlyList<PlannedOperation> Operations => [];

    /// <summary>The state of the system under test now, for people: what the engine cannot know of it.</summary>
    public virtual IReadOnlyList<StateTable> Describe() => [];

    /// <summary>Checked after every event.</summary>
    public abstract IReadOnlyList<Invariant> Invariants { get; }

    /// <summary>Checked once recovery should be over: what has not recovered by then is not live.</summary>
    public abstract IReadOnlyList<Validation> LivenessChecks { get; }

    /// <summary>Checked at the end.</summary>
    public abstract IReadOnlyList<Validation> Validations { get; }

    /// <summary>Starts the machines and the workload.</summary>
    public abstract void Start();

    /// <summary>Looks at a machine after one of its events; true if something changed that the invariants speak of.</summary>
    public abstract bool Observe(SimMachine machine);

    /// <summary>The faults of this run.</summary>
    public abstract Nemesis Nemesis { get; }

    /// <summary>The faults are over: no new work is begun, the system may settle.</summary>
    public abstract void BeginRecovery();

    /// <summary>True once the system has recovered.</summary>
    public abstract bool HasRecovered { get; }

    /// <summary>
    /// The system has recovered: whoever asks something of it now must be answered in time, though its environment is as odd as the
    /// seed has it (buggify). Begins to ask.
    /// </summary>
    /// <returns>How long that takes; zero for no such probe.</returns>
    public virtual TimeSpan BeginProbe() => TimeSpan.Zero;

    /// <summary>
    /// The system has recovered: some of its parts may be lost now, in a way from which nothing but its own reaction helps. True if so:
    /// it must then recover once more, before the final read.
    /// </summary>
    public virtual bool BeginDegradation() => false;

    /// <summary>Starts the final reader.</summary>
    public abstract void BeginFinalRead();

    /// <summary>True once the final reader has ended.</summary>
    public abstract bool FinalReadEnded { get; }

    /// <summary>Figures of the run by name: acknowledged records, leader changes, ….</summary>
    public abstract IReadOnlyDictionary<string, long> Metrics { get; }
}
