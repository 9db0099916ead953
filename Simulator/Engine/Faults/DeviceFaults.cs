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

/// <summary>A wall clock jumps forwards or backwards.</summary>
public sealed class ClockJump : Fault
{
    /// <inheritdoc/>
    public override string Kind => "clock-jump";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var by = random.NextSpan(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)) * (random.Chance(0.5) ? 1 : -1);
        return FaultPlan.Of(Kind, TimeSpan.Zero, ("machine", random.Pick(targets).Name), ("byMicros", FaultPlan.Value(by)));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var by = TimeSpan.FromMicroseconds(plan.Number("byMicros", -Farthest, Farthest));
        machine.Clock.JumpWall(by);
        return FaultHandle.Instant($"{machine.Name} by {by.TotalMilliseconds:F0} ms");
    }

    private const long Farthest = 100L * 365 * 24 * 3600 * 1_000_000;
}

/// <summary>A clock runs too fast or too slow.</summary>
public sealed class ClockDrift : Fault
{
    private const int FastestPpm = 500_000;

    /// <inheritdoc/>
    public override string Kind => "clock-drift";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random) =>
        FaultPlan.Of(Kind, DrawDuration(random), ("machine", random.Pick(targets).Name), ("ppm", FaultPlan.Value(random.Next(-100_000, 100_000))));

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var ppm = (int)plan.Number("ppm", -FastestPpm, FastestPpm);
        return new FaultHandle($"{machine.Name} by {ppm} ppm", machine.Clock.Drift(ppm).End);
    }
}
