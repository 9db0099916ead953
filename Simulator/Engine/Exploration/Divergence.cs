using System;
using System.Collections.Generic;
using System.Linq;

namespace Simulator.Engine.Exploration;

/// <summary>Where two runs of one seed part, in words: the first event that differs and the two stacks that made it so.</summary>
public static class Divergence
{
    private const int LinesShown = 10;

    /// <summary>Index of the first step at which two runs differ; null if they do not.</summary>
    public static int? FirstStep(IReadOnlyList<ulong> first, IReadOnlyList<ulong> second)
    {
        var common = Math.Min(first.Count, second.Count);
        for (var i = 0; i < common; i++)
        {
            if (first[i] != second[i]) return i;
        }

        return first.Count == second.Count ? null : common;
    }

    /// <summary>The failure of property <c>determinism</c>.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="runs">What the two runs were: "this process", ….</param>
    /// <param name="first">The step of the first run; null if it ended before.</param>
    /// <param name="second">The same step of the second run.</param>
    /// <param name="trace">The trace of the first run up to there.</param>
    public static SimFailure Explain(ulong seed, (string First, string Second) runs, StepSeen? first, StepSeen? second, IEnumerable<TraceLine> trace)
    {
        var atEvent = (first ?? second)?.Event ?? 0;
        var place = first?.Place ?? second?.Place;
        var lines = trace.Where(l => l.Event <= atEvent).TakeLast(LinesShown).Select(l => "  " + l);
        return new SimFailure(
            "determinism",
            $"Seed {seed}: two runs differ first at event {atEvent}{(place is null ? string.Empty : $", by {place}")}.\n{Words(runs.First, first)}\n{Words(runs.Second, second)}\nbefore it:\n{string.Join('\n', lines)}",
            null)
        {
            AtEvent = atEvent,
        };
    }

    /// <summary>The failure of two runs that ended differently and cannot be made to differ again.</summary>
    public static SimFailure ExplainFleeting(ulong seed) => new(
        "determinism",
        $"Seed {seed}: two runs ended in different hashes, but two more agreed: the difference depends on what ran before in this process (a static, a pool) or on time.",
        null);

    private static string Words(string run, StepSeen? step) => step is null
        ? $"{run}: has ended before"
        : $"{run}: {step.What}{(step.Content is null ? string.Empty : $" ({step.Content})")}\n{step.Stack}";
}
