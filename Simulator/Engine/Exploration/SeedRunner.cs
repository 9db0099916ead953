using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Simulator.Engine.Faults;
using Simulator.Engine.Inspection;
using Simulator.Engine.Properties;
using Simulator.Engine.Replay;

namespace Simulator.Engine.Exploration;

/// <summary>What to keep of a run besides its verdict.</summary>
/// <param name="TraceLines">Number of trace lines to keep: 0 for none, <see cref="int.MaxValue"/> for all.</param>
/// <param name="Traffic">Whether the trace shows each delivery of the network too.</param>
/// <param name="EventHashes">Whether to keep the hash after each event.</param>
/// <param name="WatchThreadPool">Whether work on the thread pool fails the run; only where nothing else in the process uses it.</param>
/// <param name="Record">Whether to write down all that was decided: see <see cref="SeedResult.Script"/>.</param>
/// <param name="Until">Where to stop; null to go on to the verdict.</param>
/// <param name="Break">The only property that counts, so that the run goes past what else fails; null for all.</param>
/// <param name="Dump">Whether to write down the state where the run ends: see <see cref="SeedResult.State"/>.</param>
/// <param name="Faults">The faults to inject instead of drawing any: <see cref="SeedResult.Injected"/> of another run, perhaps edited.</param>
/// <param name="Timeline">Whether to collect what a timeline shows.</param>
/// <param name="Steps">Notes each step of the run, to find out where two runs part.</param>
/// <param name="Pilot">Says where the run pauses, and looks at it there.</param>
public sealed record RunOptions(
    int TraceLines = 0,
    bool Traffic = false,
    bool EventHashes = false,
    bool WatchThreadPool = false,
    bool Record = false,
    RunPoint? Until = null,
    string? Break = null,
    bool Dump = false,
    IReadOnlyList<PlannedFault>? Faults = null,
    bool Timeline = false,
    StepRecorder? Steps = null,
    IRunPilot? Pilot = null);

/// <summary>A moment of a run: an instant before its events, or the end of an event.</summary>
/// <param name="Micros">The instant in microseconds of virtual time, or null.</param>
/// <param name="Event">The event's number, or null.</param>
public readonly record struct RunPoint(long? Micros, long? Event);

/// <summary>Takes one seed of a scenario through its phases: warm-up, faults, heal, liveness, perhaps liveness once more without some of the parts, final read, verdict.</summary>
public static class SeedRunner
{
    /// <summary>The property that fails where the scenario's own code throws: where it prepares, starts, probes or counts. What it checks fails under its own name.</summary>
    public const string BrokenScenario = "scenario";

    /// <summary>Runs a seed to its verdict. The same scenario and seed give the same result in any process.</summary>
    /// <exception cref="FaultPlanException">A fault of <see cref="RunOptions.Faults"/> does not fit the scenario or is malformed.</exception>
    public static SeedResult Run(Scenario scenario, ulong seed, RunOptions? options = null) => Run(scenario, seed, null, options ?? new RunOptions());

    /// <summary>Runs what a script says, to its verdict or its end. The same scenario and script give the same result in any process.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="script">The run.</param>
    /// <param name="seed">For information; nothing that the script says follows from it.</param>
    /// <param name="options">What to keep.</param>
    /// <exception cref="ReplayException">The script does not fit the scenario.</exception>
    public static SeedResult Replay(Scenario scenario, RunScript script, ulong seed = 0, RunOptions? options = null)
    {
        try
        {
            return Run(scenario, seed, script, options ?? new RunOptions());
        }
        catch (FaultPlanException e)
        {
            throw new ReplayException(e.Message);
        }
    }

    private static SeedResult Run(Scenario scenario, ulong seed, RunScript? script, RunOptions options)
    {
#pragma warning disable RS0030 // taken out of the run's way here, so that nothing in it depends on the machine's
        var culture = CultureInfo.CurrentCulture;
        var context = SynchronizationContext.Current;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture; // numbers in texts go into the hash
        SynchronizationContext.SetSynchronizationContext(null); // a test runner's is no place for a node's continuations
        try
        {
            return new SeedRun(scenario, seed, script, options).Go();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
            SynchronizationContext.SetSynchronizationContext(context);
        }
#pragma warning restore RS0030
    }

    /// <summary>From now on only failures of one property count.</summary>
    /// <exception cref="ReplayException">The run has no property of that name.</exception>
    internal static void Heed(SimWorld world, ScenarioRun run, string property)
    {
        var known = run.Invariants.Concat<Property>(run.LivenessChecks).Concat(run.Validations).Select(p => p.Name).Concat(PhaseWalk.OwnProperties).Distinct().Order(StringComparer.Ordinal).ToList();
        if (!known.Contains(property)) throw new ReplayException($"There is no property '{property}'; there are: {string.Join(", ", known)}.");
        world.HeededProperty = property;
    }

    // What a script made quiet stays so; what it says nothing of is written down if something was drawn from it.
    internal static RunScript Record(SimWorld world, ScenarioRun run, RunScript? script)
    {
        var streams = new SortedDictionary<string, StreamStart>(StringComparer.Ordinal);
        foreach (var (name, start) in world.Noise.Drawn) streams[name] = start;
        foreach (var (name, start) in script?.Streams ?? new Dictionary<string, StreamStart>())
        {
            if (start.IsQuiet || name == Noise.Others) streams[name] = start;
        }

        return new RunScript
        {
            Configuration = run.Configuration,
            Phases = script?.Phases ?? run.Phases,
            End = script?.End,
            Faults = run.Nemesis.Injected,
            Operations = script?.Operations ?? run.Operations,
            Streams = streams,
        };
    }
}
