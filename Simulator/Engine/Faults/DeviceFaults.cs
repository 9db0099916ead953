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
    public override FaultHandle? Inject(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var machine = random.Pick(targets);
        var factor = random.Next(5, 200);
        machine.Disk.SlowFactor = factor;
        return new FaultHandle($"{machine.Name} by {factor}", () => machine.Disk.SlowFactor = 1);
    }
}

/// <summary>A disk answers nothing for a while.</summary>
public sealed class StalledDisk : Fault
{
    /// <inheritdoc/>
    public override string Kind => "disk-stall";

    /// <inheritdoc/>
    public override Range<TimeSpan> Duration => default;

    /// <inheritdoc/>
    public override FaultHandle? Inject(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var machine = random.Pick(targets);
        var span = random.NextSpan(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(8));
        machine.Disk.StalledUntilMicros = world.NowMicros + (long)span.TotalMicroseconds;
        return FaultHandle.Instant($"{machine.Name} for {span.TotalMilliseconds:F0} ms");
    }
}

/// <summary>A wall clock jumps forwards or backwards.</summary>
public sealed class ClockJump : Fault
{
    /// <inheritdoc/>
    public override string Kind => "clock-jump";

    /// <inheritdoc/>
    public override Range<TimeSpan> Duration => default;

    /// <inheritdoc/>
    public override FaultHandle? Inject(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var machine = random.Pick(targets);
        var by = random.NextSpan(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)) * (random.Chance(0.5) ? 1 : -1);
        machine.Clock.JumpWall(by);
        return FaultHandle.Instant($"{machine.Name} by {by.TotalMilliseconds:F0} ms");
    }
}

/// <summary>A clock runs too fast or too slow.</summary>
public sealed class ClockDrift : Fault
{
    /// <inheritdoc/>
    public override string Kind => "clock-drift";

    /// <inheritdoc/>
    public override FaultHandle? Inject(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        var machine = random.Pick(targets);
        var ppm = random.Next(-100_000, 100_000);
        machine.Clock.SetDrift(ppm);
        return new FaultHandle($"{machine.Name} by {ppm} ppm", () => machine.Clock.SetDrift(0));
    }
}
