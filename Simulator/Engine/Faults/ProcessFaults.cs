using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine.Disk;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>A process dies and is started again after a while; its disk's page cache survives.</summary>
public sealed class ProcessCrash : Fault
{
    /// <inheritdoc/>
    public override string Kind => "process-crash";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random) => Processes.PlanDeath(Kind, targets, random);

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var outcome = Processes.OutcomeOf(plan);
        if (!machine.IsUp) return null;
        machine.Crash(outcome);
        return Processes.DownUntilEnd(machine);
    }
}

/// <summary>A machine loses power, and with it what its disk had not synced; it comes back after a while.</summary>
/// <param name="losses">What the disk may lose of it.</param>
public sealed class PowerLoss(DiskLosses losses = DiskLosses.Ordered) : Fault
{
    private const int Million = 1_000_000;

    /// <summary>The share that is lost of the blocks, entries and renames that may be lost one by one, from which each fault draws its own; from 0 to 1.</summary>
    public Range<double> Rate { get; init; } = new(0.1, 0.9);

    /// <inheritdoc/>
    public override string Kind => "power-loss";

    /// <summary>Effects that nobody waits for, since the system that is tested leaves hardly any room for them.</summary>
    public IReadOnlyList<string> Rare { get; init; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [.. losses.Effects().Except(Rare, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random) =>
        Processes.PlanDeath(Kind, targets, random, ("losses", losses.ToString()), ("ratePpm", FaultPlan.Value((long)(Million * (Rate.Min + (random.NextDouble() * (Rate.Max - Rate.Min)))))));

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var (outcome, rate) = (Processes.OutcomeOf(plan), plan.Number("ratePpm", 0, Million) / (double)Million);
        if (!Enum.TryParse<DiskLosses>(plan.Text("losses"), out var lost)) throw new FaultPlanException($"A planned fault of kind '{Kind}' does not fit: nobody knows the losses '{plan.Text("losses")}'.");
        if (!machine.IsUp || !world.Recoverability.TryDestroy(Kind, machine, unsyncedOnly: true)) return null;
        machine.LosePower(outcome, lost, rate);
        return Processes.DownUntilEnd(machine);
    }
}

/// <summary>A process is asked to stop in order; it is started again when the fault ends, or once it has stopped if that takes longer.</summary>
/// <param name="requestStop">Asks the program on a machine to stop; the process ends by itself later.</param>
public sealed class GracefulRestart(Action<SimMachine> requestStop) : Fault
{
    /// <inheritdoc/>
    public override string Kind => "graceful-restart";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random) =>
        Processes.PickRunning(targets, random) is { } machine ? FaultPlan.Of(Kind, DrawDuration(random), ("machine", machine.Name)) : null;

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        if (machine.Process is not { } process) return null;
        machine.Invoke(() => requestStop(machine));
        return new FaultHandle(machine.Name, () =>
        {
            if (machine.Process == process) machine.RestartsOnExit = true;
            else if (machine.HasExited && machine.Incarnations == process.Incarnation) machine.Restart();
        });
    }
}

/// <summary>A process stops running for a while, as in a long pause of its collector or a stopped virtual machine.</summary>
public sealed class Freeze : Fault
{
    /// <summary>How long; give it more than the longest session timeout, so that others take it for dead and it does not.</summary>
    public Range<TimeSpan> Span { get; init; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(15));

    /// <inheritdoc/>
    public override string Kind => "freeze";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random) =>
        Processes.PickRunning(targets, random) is { } machine ? FaultPlan.Of(Kind, random.NextSpan(Span.Min, Span.Max), ("machine", machine.Name)) : null;

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        if (machine.Freeze(plan.Duration) is not { } freeze) return null;
        return new FaultHandle($"{machine.Name} for {plan.Duration.TotalMilliseconds:F0} ms", freeze.End);
    }
}

/// <summary>A process dies right after one of its next events, wherever its code then waits, and is started again when the fault ends.</summary>
public sealed class CrashAtEvent : Fault
{
    private const double MostEventsLog = 8.5; // e^8.5, some 5,000

    /// <inheritdoc/>
    public override string Kind => "crash-at-event";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Effects => [EffectNames.CrashAtEvent];

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var events = (long)Math.Exp(random.NextDouble() * MostEventsLog); // as often among the next ten as among the next thousands
        return Processes.PlanDeath(Kind, targets, random, ("events", FaultPlan.Value(events)));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var (events, outcome) = (plan.Number("events", 1), Processes.OutcomeOf(plan));
        if (machine.CrashAfterEvents(events, outcome) is not { } crash) return null;
        var down = Processes.DownUntilEnd(machine);
        return new FaultHandle($"{machine.Name} after {events} events", () =>
        {
            crash.End();
            down.End();
        });
    }
}

