using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Simulator.Engine.Exploration;

namespace Simulator.Engine.Replay;

/// <summary>Tries scripts, several at a time, and tells which of them still fail in the way that is hunted.</summary>
/// <param name="scenario">What runs.</param>
/// <param name="seed">The seed that stands in the file, for constants of the world that follow from it.</param>
/// <param name="isHunted">True for the failure that is hunted.</param>
/// <param name="sparing">Must hold where the other fails; null if nothing must.</param>
/// <param name="jobs">Number of threads.</param>
/// <param name="isOver">True once no more runs are to be begun.</param>
internal sealed class Trials(Scenario scenario, ulong seed, Func<SimFailure, bool> isHunted, Scenario? sparing, int jobs, Func<bool> isOver)
{
    /// <summary>Scripts that are tried at once; the first of them in order that fails is taken, however many threads there are.</summary>
    public int Jobs => jobs;

    /// <summary>Number of runs so far.</summary>
    public int Runs { get; private set; }

    public bool IsOver => isOver();

    /// <summary>The first of the scripts that fails so, and its run; null if none does or time is over.</summary>
    public (int Index, SeedResult Result)? FirstFailing(IReadOnlyList<RunScript> scripts)
    {
        for (var from = 0; from < scripts.Count && !IsOver; from += jobs)
        {
            var wave = scripts.Skip(from).Take(jobs).ToList();
            var results = RunAll(wave);
            for (var i = 0; i < wave.Count; i++)
            {
                if (results[i] is { } failing) return (from + i, failing);
            }
        }

        return null;
    }

    private SeedResult?[] RunAll(List<RunScript> wave)
    {
        Runs += wave.Count;
        var results = new SeedResult?[wave.Count];
        if (wave.Count == 1)
        {
            results[0] = Try(wave[0]);
            return results;
        }

        var threads = wave.Select((script, i) => new Thread(() => results[i] = Try(script)) { IsBackground = true, Name = $"trial {i + 1}" }).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return results;
    }

    /// <summary>Runs a script, even if time is over; null if it does not fail in the way that is hunted.</summary>
    public SeedResult? Confirm(RunScript script)
    {
        Runs++;
        return Try(script);
    }

    // What was cut may leave a script that makes no sense: then it is no smaller case of the failure.
    private SeedResult? Try(RunScript script)
    {
        try
        {
            var result = SeedRunner.Replay(scenario, script, seed, new RunOptions(Record: true));
            if (result.Failure is not { } failure || !isHunted(failure)) return null;
            return sparing is null || SeedRunner.Replay(sparing, script, seed).Passed ? result : null;
        }
        catch (Exception e) when (e is ReplayException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
