using System;

namespace Simulator.Engine.Exploration;

/// <summary>A worker that owns nothing.</summary>
/// <param name="run">Takes a seed to its verdict.</param>
public sealed class SeedWorker(Func<ulong, SeedResult> run) : ISeedWorker
{
    /// <inheritdoc/>
    public SeedResult Run(ulong seed) => run(seed);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
