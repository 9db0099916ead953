using System;
using System.Collections.Generic;
using Simulator.Engine.Properties;

namespace Simulator.Engine.Exploration;

/// <summary>One run on its way through the phases, with the checks that belong to each.</summary>
/// <param name="world">The world.</param>
/// <param name="run">The run.</param>
/// <param name="phases">The length of the phases.</param>
/// <param name="end">The run goes no further than this instant, in microseconds, whatever phase it is in.</param>
internal sealed class PhaseWalk(SimWorld world, ScenarioRun run, Phases phases, long end = long.MaxValue)
{
    // Such conditions look at everything: not after each event.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    // A system that is well for an instant between two troubles has not recovered.
    private static readonly TimeSpan s_recoveryHolds = TimeSpan.FromSeconds(2);

    /// <summary>What fails a run besides the properties of its scenario.</summary>
    public static IReadOnlyList<string> OwnProperties { get; } = ["no-recovery", "final-read", "no-unhandled-exception", "observation", "world", "no-leak", SeedRunner.BrokenScenario];

    private Exception? _unclear;

    private bool IsOver => world.HasEnded || world.NowMicros >= end;

    /// <summary>Takes the run to its verdict, or to its end.</summary>
    public void Go()
    {
        world.AfterEvent = CheckInvariants;
        Enter("warm-up");
        run.Start();
        world.RunFor(UntilEnd(phases.WarmUp));
        if (IsOver) return;
        Enter("faults");
        run.Nemesis.Start();
        world.RunFor(UntilEnd(phases.Faults));
        if (IsOver) return;
        Enter("heal");
        run.Nemesis.HealAll();
        run.BeginRecovery();
        Enter("liveness");
        AwaitRecovery();
        if (IsOver) return;
        Probe();
        if (IsOver) return;
        if (run.BeginDegradation())
        {
            Enter("degradation");
            AwaitRecovery();
            if (IsOver) return;
        }

        ReadAtLast();
    }

    private void Probe()
    {
        var span = run.BeginProbe();
        if (span == TimeSpan.Zero) return;
        Enter("probe");
        world.Buggify.IsOn = world.Options.Buggify;
        world.RunFor(UntilEnd(span));
        world.Buggify.IsOn = false;
        if (!IsOver) AwaitRecovery();
    }

    private void AwaitRecovery()
    {
        var recovered = world.RunUntil(HasRecovered, UntilEnd(phases.RecoveryLimit), s_look, s_recoveryHolds);
        if (!recovered && !IsOver) Check(run.LivenessChecks, "no-recovery");
    }

    // Who cannot say yet whether all is well, since a part of it is missing, says no. A check that still throws at the limit fails by its name.
    private bool HasRecovered()
    {
        try
        {
            _unclear = null;
            return run.HasRecovered;
        }
        catch (Exception e)
        {
            _unclear = e;
            return false;
        }
    }

    private void ReadAtLast()
    {
        Enter("final read");
        run.BeginFinalRead();
        var read = world.RunUntil(() => run.FinalReadEnded, UntilEnd(phases.FinalReadLimit), s_look);
        if (IsOver) return;
        if (!read) world.Report(new SimFailure("final-read", $"The final read did not end within {phases.FinalReadLimit.TotalSeconds} s of virtual time.", null));
        Check(run.Validations, unexplained: null);
    }

    private TimeSpan UntilEnd(TimeSpan span) => TimeSpan.FromMicroseconds(Math.Min((long)span.TotalMicroseconds, end - world.NowMicros));

    private void Enter(string phase)
    {
        if (world.HasEnded) return;
        world.Mix(phase);
        world.Timeline?.Mark(null, "phase", phase);
        if (world.Trace.IsOn) world.Trace.Write("world", "phase", phase);
    }

    // A checker that cannot make sense of what it sees has found something too: the seed fails, not the campaign.
    private void CheckInvariants(SimMachine machine)
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

        Check(run.Invariants, unexplained: null);
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

    private void Check(IReadOnlyList<Property> properties, string? unexplained)
    {
        foreach (var property in properties)
        {
            if (world.Failure is not null) return;
            if (Look(property) is { } violation) world.Report(new SimFailure(property.Name, violation, null));
        }

        if (unexplained is not null && world.Failure is null)
        {
            world.Report(new SimFailure(unexplained, $"The system did not recover in time, or not for good, and no liveness check says why.{(_unclear is null ? string.Empty : $" At last it could not be told: {_unclear}")}", null));
        }
    }
}
