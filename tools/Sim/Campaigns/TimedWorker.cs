using System;
using System.Diagnostics;
using Simulator.Engine.Exploration;

namespace tools.Sim.Campaigns;

/// <summary>Measures how long each seed takes and hands its result on as soon as it has one.</summary>
/// <param name="inner">Runs the seeds.</param>
/// <param name="ended">Receives each result.</param>
internal sealed class TimedWorker(ISeedWorker inner, Action<SeedResult> ended) : ISeedWorker
{
    /// <inheritdoc/>
    public SeedResult Run(ulong seed)
    {
        var watch = Stopwatch.StartNew();
        var result = inner.Run(seed) with { WallSeconds = watch.Elapsed.TotalSeconds };
        ended(result);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();
}
