using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using Simulator.Engine.Faults;
using Simulator.Engine.Properties;

namespace Simulator.Engine.Exploration;

/// <summary>What to keep of a run besides its verdict.</summary>
/// <param name="TraceLines">Number of trace lines to keep: 0 for none, <see cref="int.MaxValue"/> for all.</param>
/// <param name="Traffic">Whether the trace shows each delivery of the network too.</param>
/// <param name="EventHashes">Whether to keep the hash after each event.</param>
/// <param name="WatchThreadPool">Whether work on the thread pool fails the run; only where nothing else in the process uses it.</param>
/// <param name="Faults">The faults to inject instead of drawing any: <see cref="SeedResult.Injected"/> of another run, perhaps edited.</param>
/// <param name="Timeline">Whether to collect what a timeline shows.</param>
/// <param name="Steps">Notes each step of the run, to find out where two runs part.</param>
public sealed record RunOptions(
    int TraceLines = 0,
    bool Traffic = false,
    bool EventHashes = false,
    bool WatchThreadPool = false,
    IReadOnlyList<PlannedFault>? Faults = null,
    bool Timeline = false,
    StepRecorder? Steps = null);

/// <summary>Takes one seed of a scenario through its phases: warm-up, faults, heal, liveness, perhaps liveness once more without some of the parts, final read, verdict.</summary>
public static class SeedRunner
{
    // Such conditions look at everything: not after each event.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    // A system that is well for an instant between two troubles has not recovered.
    private static readonly TimeSpan s_recoveryHolds = TimeSpan.FromSeconds(2);

    /// <summary>Runs a seed to its verdict. The same scenario and seed give the same result in any process.</summary>
    /// <exception cref="FaultPlanException">A fault of <see cref="RunOptions.Faults"/> does not fit the scenario or is malformed.</exception>
    public static SeedResult Run(Scenario scenario, ulong seed, RunOptions? options = null)
    {
#pragma warning disable RS0030 // taken out of the run's way here, so that nothing in it depends on the machine's
        var culture = CultureInfo.CurrentCulture;
        var context = SynchronizationContext.Current;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture; // numbers in texts go into the hash
        SynchronizationContext.SetSynchronizationContext(null); // a test runner's is no place for a node's continuations
        try
        {
            return RunToVerdict(scenario, seed, options ?? new RunOptions());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
            SynchronizationContext.SetSynchronizationContext(context);
        }
#pragma warning restore RS0030
    }

    private static SeedResult RunToVerdict(Scenario scenario, ulong seed, RunOptions options)
    {
        var world = new SimWorld(seed, scenario.WorldOptions(seed));
        if (options.TraceLines > 0) world.Trace.KeepLast(options.TraceLines);
        world.Trace.ShowTraffic = options.Traffic;
        if (options.EventHashes) world.RecordEventHashes();
        if (options.Timeline) world.RecordTimeline();
        if (options.Steps is { } steps) world.Record(steps);
        var run = scenario.Prepare(world);
        if (options.Faults is { } faults) run.Nemesis.Replay(faults);
        world.AfterEvent = machine => CheckInvariants(world, run, machine);
        var guard = options.WatchThreadPool ? new LeakGuard() : null;
        GoThroughPhases(world, run);
        if (guard?.Finish() is { } leak) world.Report(leak);
        return new SeedResult
        {
            Scenario = scenario.Name,
            Seed = seed,
            Failure = world.Failure,
            Hash = world.Hash,
            Events = world.Events,
            SimulatedSeconds = world.NowMicros / 1e6,
            Faults = world.Faults.ByKind,
            FaultKinds = run.Nemesis.Kinds,
            Buggify = world.Buggify.Hits,
            Sometimes = world.Sometimes.Hits,
            FaultEffects = world.Faults.Effects,
            FaultVetoes = world.Faults.Vetoes,
            Injected = run.Nemesis.Injected,
            Metrics = run.Metrics,
            Configuration = run.Configuration,
            Trace = world.Trace.Lines,
            EventHashes = world.EventHashes,
            Timeline = world.Timeline?.Finish(scenario.Name, run.Configuration),
        };
    }

    private static void GoThroughPhases(SimWorld world, ScenarioRun run)
    {
        var phases = run.Phases;
        Enter(world, "warm-up");
        run.Start();
        world.RunFor(phases.WarmUp);
        if (world.Failure is not null) return;
        Enter(world, "faults");
        run.Nemesis.Start();
        world.RunFor(phases.Faults);
        if (world.Failure is not null) return;
        Enter(world, "heal");
        run.Nemesis.HealAll();
        run.BeginRecovery();
        Enter(world, "liveness");
        AwaitRecovery(world, run);
        if (world.Failure is not null) return;
        if (run.BeginDegradation())
        {
            Enter(world, "degradation");
            AwaitRecovery(world, run);
            if (world.Failure is not null) return;
        }

        Enter(world, "final read");
        run.BeginFinalRead();
        if (!world.RunUntil(() => run.FinalReadEnded, phases.FinalReadLimit, s_look) && world.Failure is null)
        {
            world.Report(new SimFailure("final-read", $"The final read did not end within {phases.FinalReadLimit.TotalSeconds} s of virtual time.", null));
        }

        Check(world, run.Validations, unexplained: null);
    }

    private static void AwaitRecovery(SimWorld world, ScenarioRun run)
    {
        if (!world.RunUntil(() => run.HasRecovered, run.Phases.RecoveryLimit, s_look, s_recoveryHolds)) Check(world, run.LivenessChecks, "no-recovery");
    }

    private static void Enter(SimWorld world, string phase)
    {
        if (world.Failure is not null) return;
        world.Mix(phase);
        world.Timeline?.Mark(null, "phase", phase);
        if (world.Trace.IsOn) world.Trace.Write("world", "phase", phase);
    }

    // A checker that cannot make sense of what it sees has found something too: the seed fails, not the campaign.
    private static void CheckInvariants(SimWorld world, ScenarioRun run, SimMachine machine)
    {
        if (world.Failure is not null) return;
        try
        {
            if (!run.Observe(machine)) return;
        }
        catch (Exception e)
        {
            world.Report(new SimFailure("observation", e.ToString(), e));
            return;
        }

        Check(world, run.Invariants, unexplained: null);
    }

    private static string? Look(Property property)
    {
        try
        {
            return property.FindViolation();
        }
        catch (Exception e)
        {
            return $"could not be checked: {e}";
        }
    }

    private static void Check(SimWorld world, IReadOnlyList<Property> properties, string? unexplained)
    {
        foreach (var property in properties)
        {
            if (world.Failure is not null) return;
            if (Look(property) is { } violation) world.Report(new SimFailure(property.Name, violation, null));
        }

        if (unexplained is not null && world.Failure is null)
        {
            world.Report(new SimFailure(unexplained, "The system did not recover in time, or not for good, and no liveness check says why.", null));
        }
    }
}
