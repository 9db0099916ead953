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
    /// <inheritdoc/>
    public override string Kind => "power-loss";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random) =>
        Processes.PlanDeath(Kind, targets, random, ("losses", losses.ToString()));

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var outcome = Processes.OutcomeOf(plan);
        if (!Enum.TryParse<DiskLosses>(plan.Text("losses"), out var lost)) throw new FaultPlanException($"A planned fault of kind '{Kind}' does not fit: nobody knows the losses '{plan.Text("losses")}'.");
        if (!machine.IsUp || !world.Recoverability.TryDestroy(Kind, machine, unsyncedOnly: true)) return null;
        machine.LosePower(outcome, lost);
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
    private static readonly Range<TimeSpan> Span = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(15));

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

/// <summary>What the faults of processes share.</summary>
internal static class Processes
{
    public static SimMachine? PickRunning(IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var running = targets.Where(m => m.IsUp).ToArray();
        return running.Length == 0 ? null : random.Pick(running);
    }

    /// <summary>A death's plan names the outcome of all that the death leaves to chance, so that it does not hang on earlier deaths.</summary>
    public static FaultPlan? PlanDeath(string kind, IReadOnlyList<SimMachine> targets, RandomStream random, params ReadOnlySpan<(string Name, string Value)> more)
    {
        if (PickRunning(targets, random) is not { } machine) return null;
        var duration = random.NextSpan(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(12));
        return FaultPlan.Of(kind, duration, [("machine", machine.Name), ("outcome", FaultPlan.Value(random.Next(int.MaxValue))), .. more]);
    }

    public static RandomStream OutcomeOf(FaultPlan plan) => new((ulong)plan.Number("outcome", 0));

    /// <summary>The process that died is started again at the end, unless it was before.</summary>
    public static FaultHandle DownUntilEnd(SimMachine machine)
    {
        var died = machine.Incarnations;
        return new FaultHandle(machine.Name, () =>
        {
            if (!machine.IsUp && machine.Incarnations == died) machine.Restart();
        });
    }
}
