using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;

namespace Simulator.Engine.Faults;

/// <summary>Which faults a run may see, where, and how often.</summary>
/// <param name="Kinds">Each kind with its weight.</param>
/// <param name="Targets">The machines that may be hit.</param>
/// <param name="Interval">Pause between two faults.</param>
public sealed record FaultProfile(IReadOnlyList<(Fault Fault, int Weight)> Kinds, IReadOnlyList<SimMachine> Targets, Range<TimeSpan> Interval)
{
    /// <summary>Kinds that are never drawn but can be replayed, besides <see cref="Kinds"/>: a swarm keeps here what it left out.</summary>
    public IReadOnlyList<Fault> Replayable { get; init; } = [];

    /// <summary>Faults that strike at moments of which the scenario tells, besides those at random instants.</summary>
    public IReadOnlyList<Ambush> Ambushes { get; init; } = [];

    /// <summary>All faults that a run may see, however they come.</summary>
    internal IEnumerable<Fault> Possible => Kinds.Select(k => k.Fault).Concat(Replayable).Concat(Ambushes.Select(a => a.Fault));

    /// <summary>
    /// Swarm testing: a random non-empty subset of the kinds, since a run with few kinds goes deeper into each than a run with all.
    /// After Groce et al., "Swarm Testing", 2012.
    /// </summary>
    public FaultProfile Swarm(RandomStream random, int atLeast)
    {
        var kinds = Kinds.Where(_ => random.Chance(0.6)).ToList();
        var rest = Kinds.Except(kinds).ToList();
        random.Shuffle(rest);
        foreach (var kind in rest.Take(Math.Max(0, atLeast - kinds.Count))) kinds.Add(kind);
        return this with { Kinds = kinds, Replayable = [.. Replayable, .. Kinds.Except(kinds).Select(k => k.Fault)] };
    }

    /// <summary>The fault that carries out plans of a kind.</summary>
    /// <exception cref="FaultPlanException">This profile has no such kind.</exception>
    internal Fault Find(string kind) =>
        Possible.FirstOrDefault(f => f.Kind == kind)
        ?? throw new FaultPlanException($"No fault of this run is of the kind '{kind}'.");

    internal Fault Draw(RandomStream random)
    {
        var ticket = random.Next(Kinds.Sum(k => k.Weight));
        foreach (var (fault, weight) in Kinds)
        {
            if ((ticket -= weight) < 0) return fault;
        }

        throw new InvalidOperationException("Weights are positive.");
    }
}
