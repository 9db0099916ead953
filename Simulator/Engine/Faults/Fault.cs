using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>A kind of fault: how it begins and what ends it.</summary>
public abstract class Fault
{
    /// <summary>The word under which it is counted and reported.</summary>
    public abstract string Kind { get; }

    /// <summary>How long it lasts; a fault of an instant gives an empty range.</summary>
    public virtual Range<TimeSpan> Duration => new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(12));

    /// <summary>Injects it somewhere among the targets, or does nothing where it cannot be now.</summary>
    public abstract FaultHandle? Inject(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random);
}

/// <summary>A fault that is in force.</summary>
/// <param name="Description">Where and how strongly, in words.</param>
/// <param name="End">Undoes it.</param>
public sealed record FaultHandle(string Description, Action End)
{
    /// <summary>A fault of an instant: nothing to undo.</summary>
    public static FaultHandle Instant(string description) => new(description, () => { });
}
