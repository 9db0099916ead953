using System;
using Simulator.Engine.Exploration;

namespace tools.Sim.Campaigns;

/// <summary>A worker that owns nothing.</summary>
internal sealed class SeedWorker(Func<ulong, SeedResult> run) : ISeedWorker
{
    public SeedResult Run(ulong seed) => run(seed);

    public void Dispose()
    {
    }
}
