using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine.Exploration;

namespace tools.Sim.Zoo;

/// <summary>
/// One scenario that is hunted seed by seed. Runs may end in any order; what counts is always the longest unbroken row of them from
/// the first seed on, so that the outcome does not depend on the number of threads. Not safe for several threads by itself.
/// </summary>
/// <param name="scenario">The scenario.</param>
/// <param name="seeds">The seeds in order.</param>
/// <param name="killsWanted">The hunt is over after so many failing seeds; 0: only after all seeds.</param>
internal sealed class Quarry(Scenario scenario, IReadOnlyList<ulong> seeds, int killsWanted)
{
    private readonly Trial?[] _trials = new Trial?[seeds.Count];
    private int _handedOut;
    private int _settled;

    public Scenario Scenario => scenario;

    /// <summary>Index of the next seed to run.</summary>
    public int Next => _handedOut;

    /// <summary>Failing seeds so far.</summary>
    public int Kills { get; private set; }

    /// <summary>Seeds that count so far.</summary>
    public int Settled => _settled;

    /// <summary>Why the scenario could not be run at all, if so.</summary>
    public string? Crash { get; private set; }

    /// <summary>True once nothing that could still happen would change the outcome.</summary>
    public bool IsOver => Crash is not null || _settled == seeds.Count || (killsWanted > 0 && Kills >= killsWanted);

    /// <summary>True while there are seeds to hand out.</summary>
    public bool IsOpen => !IsOver && _handedOut < seeds.Count;

    /// <summary>The results that count, in the order of the seeds.</summary>
    public IReadOnlyList<SeedResult> Results => _trials.Take(_settled).Select(t => t!.Result!).ToList();

    /// <summary>Seconds of work in the runs that count.</summary>
    public double WorkSeconds => _trials.Take(_settled).Sum(t => t!.Seconds);

    /// <summary>Takes the next seed.</summary>
    public (int Index, ulong Seed) HandOut() => (_handedOut, seeds[_handedOut++]);

    /// <summary>A run has ended.</summary>
    public void Note(int index, Trial trial)
    {
        _trials[index] = trial;
        while (!IsOver && _trials[_settled] is { } next)
        {
            if (next.Crash is { } crash)
            {
                Crash = $"seed {seeds[_settled]}: {crash}";
                return;
            }

            _settled++;
            if (!next.Result!.Passed) Kills++;
        }
    }
}

/// <summary>One run of a quarry.</summary>
/// <param name="Result">What came of it; null if it could not be run.</param>
/// <param name="Crash">Why it could not be run.</param>
/// <param name="Seconds">Wall time that it took.</param>
internal sealed record Trial(SeedResult? Result, string? Crash, double Seconds)
{
    /// <summary>Runs a seed. What the scenario throws is the trial's outcome and no kill: one broken mutant must not end the others' hunt.</summary>
    public static Trial Run(Scenario scenario, ulong seed)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            var result = SeedRunner.Run(scenario, seed);
            return result.Failure is { Property: SeedRunner.BrokenScenario, Exception: { } broken } ? Broken(broken) : new Trial(result, null, watch.Elapsed.TotalSeconds);
        }
        catch (Exception e)
        {
            return Broken(e);
        }

        Trial Broken(Exception e) => new(null, $"{e.GetType().Name}: {e.Message}", watch.Elapsed.TotalSeconds);
    }
}
