using System;
using System.Collections.Concurrent;
using System.Linq;
using Simulator.Engine.Exploration;

namespace tools.Sim.Campaigns;

/// <summary>
/// The workers that run a campaign's seeds, and the processes that run them a second time. Those begin before the first seed and end
/// after the last: what the runtime does to start and end a process is then not taken for a leak of a seed.
/// </summary>
internal sealed class SeedWorkers : IDisposable
{
    private readonly Scenario _scenario;
    private readonly bool _check;
    private readonly bool _watchThreadPool;
    private readonly CheckingProcess[] _processes = [];
    private readonly ConcurrentQueue<CheckingProcess> _free;

    /// <summary>Prepares workers.</summary>
    /// <param name="scenario">What they run.</param>
    /// <param name="jobs">How many there will be.</param>
    /// <param name="check">Whether each seed runs twice.</param>
    /// <param name="inOtherProcess">Whether the second run can take place in another process, which finds scenarios by their names.</param>
    /// <param name="watchThreadPool">Whether work on the thread pool fails a checked run.</param>
    public SeedWorkers(Scenario scenario, int jobs, bool check, bool inOtherProcess, bool watchThreadPool)
    {
        _scenario = scenario;
        _check = check;
        _watchThreadPool = watchThreadPool;
        if (check && inOtherProcess) _processes = [.. Enumerable.Range(0, jobs).Select(_ => new CheckingProcess(scenario.Name))];
        _free = new ConcurrentQueue<CheckingProcess>(_processes);
    }

    /// <summary>A worker for one thread.</summary>
    public ISeedWorker Next()
    {
        if (!_check) return new SeedWorker(seed => SeedRunner.Run(_scenario, seed));
        if (!_free.TryDequeue(out var second)) return new SeedWorker(seed => DeterminismCheck.RunTwice(_scenario, seed, _watchThreadPool));
        return new SeedWorker(seed => DeterminismCheck.RunTwice(_scenario, seed, second, _watchThreadPool));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var process in _processes) process.Dispose();
    }
}
