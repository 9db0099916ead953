using System;
using System.Linq;

namespace Simulator.Engine.Exploration;

/// <summary>Runs a seed twice and finds the first event at which the two runs differ.</summary>
public static class DeterminismCheck
{
    private const int LinesShown = 20;

    /// <summary>The result of the first run, with a failure of property <c>determinism</c> if the second one went another way.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="watchThreadPool">Whether work on the thread pool fails the run; only where nothing else in the process uses it.</param>
    public static SeedResult RunTwice(Scenario scenario, ulong seed, bool watchThreadPool = false)
    {
        var first = SeedRunner.Run(scenario, seed, new RunOptions(WatchThreadPool: watchThreadPool));
        var second = SeedRunner.Run(scenario, seed);
        return first.Hash == second.Hash && first.Events == second.Events && SameVerdict(first, second) ? first : first with { Failure = Explain(scenario, seed) };
    }

    // Checkers are not part of the hash, but what they find must follow from the seed too.
    private static bool SameVerdict(SeedResult first, SeedResult second) =>
        first.Failure?.Property == second.Failure?.Property && first.Failure?.AtEvent == second.Failure?.AtEvent;

    private static SimFailure Explain(Scenario scenario, ulong seed)
    {
        var options = new RunOptions(TraceLines: int.MaxValue, Traffic: true, EventHashes: true);
        var first = SeedRunner.Run(scenario, seed, options);
        var second = SeedRunner.Run(scenario, seed, options);
        var common = Math.Min(first.EventHashes.Count, second.EventHashes.Count);
        var index = 0;
        while (index < common && first.EventHashes[index] == second.EventHashes[index]) index++;
        if (index == common && first.EventHashes.Count == second.EventHashes.Count)
        {
            return new SimFailure("determinism", $"Seed {seed}: two runs ended in different hashes, but two more agreed: the difference depends on what ran before in this process (a static, a pool).", null);
        }

        return new SimFailure("determinism", $"Seed {seed}: two runs differ first at event {index + 1}.\nfirst run:\n{LinesUpTo(first, index)}\nsecond run:\n{LinesUpTo(second, index)}", null)
        {
            AtEvent = index + 1,
        };
    }

    private static string LinesUpTo(SeedResult result, int index) =>
        string.Join('\n', result.Trace.Where(l => l.Event <= index + 1).TakeLast(LinesShown).Select(l => "  " + l));
}
