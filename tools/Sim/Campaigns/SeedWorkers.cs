using Simulator.Engine.Exploration;

namespace tools.Sim.Campaigns;

/// <summary>Makes the workers that run a campaign's seeds.</summary>
internal static class SeedWorkers
{
    /// <summary>A worker for one thread.</summary>
    /// <param name="scenario">What it runs.</param>
    /// <param name="check">Whether each seed runs twice.</param>
    /// <param name="watchThreadPool">Whether work on the thread pool fails a checked run.</param>
    public static ISeedWorker For(Scenario scenario, bool check, bool watchThreadPool) =>
        check ? new CheckedInProcess(scenario, watchThreadPool) : new Plain(scenario);

    private sealed class Plain(Scenario scenario) : ISeedWorker
    {
        public SeedResult Run(ulong seed) => SeedRunner.Run(scenario, seed);

        public void Dispose()
        {
        }
    }

    private sealed class CheckedInProcess(Scenario scenario, bool watchThreadPool) : ISeedWorker
    {
        public SeedResult Run(ulong seed) => DeterminismCheck.RunTwice(scenario, seed, watchThreadPool);

        public void Dispose()
        {
        }
    }
}
