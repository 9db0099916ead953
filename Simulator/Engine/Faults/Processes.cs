using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

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
