using System;

namespace Simulator.Engine.Exploration;

/// <summary>Runs seeds of one scenario, one after another, on one thread.</summary>
public interface ISeedWorker : IDisposable
{
    /// <summary>Takes a seed to its verdict.</summary>
    SeedResult Run(ulong seed);
}
