using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>
/// A machine is deaf to some others: the connections that they have dialled to it carry nothing either way for a while, but those
/// that it has dialled itself work, and so do everybody else's. It goes on by what it last heard.
/// </summary>
public sealed class Deafness : Fault
{
    private static readonly Range<TimeSpan> Span = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <inheritdoc/>
    public override string Kind => "deafness";

    /// <summary>Deaf is one of the targets, to all machines that serve: those on which somebody has listened.</summary>
    public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
    {
        if (Processes.PickRunning(targets, random) is not { } deaf) return null;
        var callers = world.Machines.Where(m => m != deaf && m.Process is { Listeners.Count: > 0 }).ToList();
        return callers.Count == 0 ? null : FaultPlan.Of(Kind, random.NextSpan(Span.Min, Span.Max), ("machine", deaf.Name), ("callers", FaultPlan.Value(callers)));
    }

    /// <inheritdoc/>
    public override FaultHandle? Apply(SimWorld world, FaultPlan plan)
    {
        var deaf = plan.Machine(world);
        var callers = plan.Machines(world, "callers");
        var stalled = callers.ToList();
        foreach (var caller in stalled) world.Network.StallFlow(caller, deaf);
        return new FaultHandle($"{deaf.Name} to {Links.Names(callers)}", () =>
        {
            foreach (var caller in stalled) world.Network.ResumeFlow(caller, deaf);
            stalled.Clear();
        });
    }
}
