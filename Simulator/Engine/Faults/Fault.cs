using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>
/// A kind of fault: it plans (all draws are made there) and it carries out plans (no draw is made there), so that the faults of a
/// run can be written down, replayed without the draws, and cut.
/// </summary>
public abstract class Fault
{
    /// <summary>The word under which it is counted, reported and written into plans.</summary>
    public abstract string Kind { get; }

    /// <summary>
    /// What it does only now and then and must do in some run, by the names of <see cref="EffectNames"/>: it tests nothing until it has. Empty
    /// for a fault that shows whenever it strikes.
    /// </summary>
    public virtual IReadOnlyList<string> Effects => [];

    /// <summary>Draws where it strikes among the targets, how strongly and how long; changes nothing. Null where it finds nothing to do now.</summary>
    public abstract FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random);

    /// <summary>Carries out a plan of this kind; null where the state of the world does not fit it now, as when the machine is down already.</summary>
    /// <exception cref="FaultPlanException">The plan is malformed or speaks of machines that this world does not have.</exception>
    public abstract FaultHandle? Apply(SimWorld world, FaultPlan plan);

    /// <summary>How long a fault lasts that has no reason to be shorter or longer.</summary>
    protected static TimeSpan DrawDuration(RandomStream random) => random.NextSpan(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(12));
}

/// <summary>A fault that is in force, in words.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Description">Where and how strongly.</param>
public readonly record struct FaultInForce(string Kind, string Description);

/// <summary>A fault that is in force.</summary>
/// <param name="Description">Where and how strongly, in words.</param>
/// <param name="End">Undoes it; the second call does nothing.</param>
public sealed record FaultHandle(string Description, Action End)
{
    /// <summary>True for a fault of an instant.</summary>
    public bool IsInstant { get; private init; }

    /// <summary>A fault of an instant: nothing to undo.</summary>
    public static FaultHandle Instant(string description) => new(description, () => { }) { IsInstant = true };
}
