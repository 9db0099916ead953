using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>A disk takes many times as long for everything.</summary>
public sealed class SlowDisk : Fault
{
    /// <inheritdoc/>
    public override string Kind => "disk-slow";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random) =>
        FaultPlan.Of(Kind, DrawDuration(random), ("machine", random.Pick(targets).Name), ("factor", FaultPlan.Value(random.Next(5, 200))));

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var factor = (int)plan.Number("factor", 1, 1_000_000);
        return new FaultHandle($"{machine.Name} by {factor}", machine.Disk.Slow(factor).End);
    }
}

/// <summary>A disk answers nothing for a while.</summary>
public sealed class StalledDisk : Fault
{
    /// <inheritdoc/>
    public override string Kind => "disk-stall";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random) =>
        FaultPlan.Of(Kind, random.NextSpan(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(8)), ("machine", random.Pick(targets).Name));

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        return new FaultHandle($"{machine.Name} for {plan.Duration.TotalMilliseconds:F0} ms", machine.Disk.Stall(plan.Duration).End);
    }
}
