using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>A process dies and is started again after a while; its disk's page cache survives.</summary>
public sealed class ProcessCrash : Fault
{
    /// <inheritdoc/>
    public override string Kind => "process-crash";

    /// <inheritdoc/>
    public override FaultHandle? Inject(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        if (PickRunning(targets, random) is not { } machine) return null;
        machine.Crash();
        return new FaultHandle(machine.Name, () => RestartIfDown(machine));
    }

    internal static SimMachine? PickRunning(IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var running = targets.Where(m => m.IsUp).ToArray();
        return running.Length == 0 ? null : random.Pick(running);
    }

    internal static void RestartIfDown(SimMachine machine)
    {
        if (!machine.IsUp) machine.Restart();
    }
}

/// <summary>A machine loses power, and with it what its disk had not synced; it comes back after a while.</summary>
public sealed class PowerLoss : Fault
{
    /// <inheritdoc/>
    public override string Kind => "power-loss";

    /// <inheritdoc/>
    public override FaultHandle? Inject(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        if (ProcessCrash.PickRunning(targets, random) is not { } machine) return null;
        machine.LosePower();
        return new FaultHandle(machine.Name, () => ProcessCrash.RestartIfDown(machine));
    }
}

/// <summary>A process is asked to stop in order and is started again once it has.</summary>
/// <param name="requestStop">Asks the program on a machine to stop; the process ends by itself later.</param>
public sealed class GracefulRestart(Action<SimMachine> requestStop) : Fault
{
    /// <inheritdoc/>
    public override string Kind => "graceful-restart";

    /// <inheritdoc/>
    public override FaultHandle? Inject(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        if (ProcessCrash.PickRunning(targets, random) is not { } machine) return null;
        machine.Invoke(() => requestStop(machine));
        return new FaultHandle(machine.Name, () => ProcessCrash.RestartIfDown(machine));
    }
}

/// <summary>A process stops running for a while, as in a long pause of its collector or a stopped virtual machine.</summary>
public sealed class Freeze : Fault
{
    private static readonly Range<TimeSpan> Span = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(15));

    /// <inheritdoc/>
    public override string Kind => "freeze";

    /// <inheritdoc/>
    public override Range<TimeSpan> Duration => default;

    /// <inheritdoc/>
    public override FaultHandle? Inject(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        if (ProcessCrash.PickRunning(targets, random) is not { } machine) return null;
        var span = random.NextSpan(Span.Min, Span.Max);
        machine.Freeze(span);
        return FaultHandle.Instant($"{machine.Name} for {span.TotalMilliseconds:F0} ms");
    }
}
