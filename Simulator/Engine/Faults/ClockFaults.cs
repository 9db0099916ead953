using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>A wall clock jumps forwards or backwards.</summary>
public sealed class ClockJump : Fault
{
    private const long FarthestMicros = 100L * 365 * 24 * 3600 * 1_000_000;

    /// <summary>How far it jumps, in either direction.</summary>
    public Range<TimeSpan> Distance { get; init; } = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));

    /// <inheritdoc/>
    public override string Kind => "clock-jump";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var by = random.NextSpan(Distance.Min, Distance.Max) * (random.Chance(0.5) ? 1 : -1);
        return FaultPlan.Of(Kind, TimeSpan.Zero, ("machine", random.Pick(targets).Name), ("byMicros", FaultPlan.Value(by)));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var by = TimeSpan.FromMicroseconds(plan.Number("byMicros", -FarthestMicros, FarthestMicros));
        machine.Clock.JumpWall(by);
        return FaultHandle.Instant($"{machine.Name} by {by.TotalMilliseconds:F0} ms");
    }
}

/// <summary>A wall clock stands off for a while, ahead or behind, and is put right again.</summary>
public sealed class ClockOffset : Fault
{
    private const long FarthestMicros = 100L * 365 * 24 * 3600 * 1_000_000;

    /// <summary>How far it is off, in either direction.</summary>
    public Range<TimeSpan> Distance { get; init; } = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(30));

    /// <inheritdoc/>
    public override string Kind => "clock-offset";

    /// <inheritdoc/>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var by = random.NextSpan(Distance.Min, Distance.Max) * (random.Chance(0.5) ? 1 : -1);
        return FaultPlan.Of(Kind, DrawDuration(random), ("machine", random.Pick(targets).Name), ("byMicros", FaultPlan.Value(by)));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var machine = plan.Machine(world);
        var by = TimeSpan.FromMicroseconds(plan.Number("byMicros", -FarthestMicros, FarthestMicros));
        return new FaultHandle($"{machine.Name} by {by.TotalMilliseconds:F0} ms", machine.Clock.Offset(by).End);
    }
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
