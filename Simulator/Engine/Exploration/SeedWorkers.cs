using System;
using System.Collections.Concurrent;
using System.Linq;

namespace Simulator.Engine.Exploration;

/// <summary>
/// The workers that run a campaign's seeds, and the processes that run them a second time. Those begin before the first seed and end
/// after the last: what the runtime does to start and end a process is then not taken for a leak of a seed.
/// </summary>
public sealed class SeedWorkers : IDisposable
{
    private readonly Scenario _scenario;
    private readonly bool _check;
    private readonly PoolWatch? _watch;
    private readonly SecondProcess[] _processes = [];
    private readonly ConcurrentQueue<SecondProcess> _free;

    /// <summary>Prepares workers.</summary>
    /// <param name="scenario">What they run.</param>
    /// <param name="jobs">How many there will be.</param>
    /// <param name="check">Whether each seed runs twice.</param>
    /// <param name="startSecond">Starts a process that runs seeds a second time; null if that takes place in this one.</param>
    /// <param name="watchThreadPool">Whether work on the thread pool fails a checked run; only where nothing else in the process uses it.</param>
    public SeedWorkers(Scenario scenario, int jobs, bool check, Func<SecondProcess>? startSecond = null, bool watchThreadPool = false)
    {
        _scenario = scenario;
        _check = check;
        if (check && watchThreadPool) _watch = new PoolWatch();
        if (check && startSecond is not null) _processes = [.. Enumerable.Range(0, jobs).Select(_ => startSecond())];
        _free = new ConcurrentQueue<SecondProcess>(_processes);
    }

    /// <summary>A worker for one thread.</summary>
    public ISeedWorker Next()
    {
        if (!_check) return new SeedWorker(seed => SeedRunner.Run(_scenario, seed));
        ISecondRun second = _free.TryDequeue(out var process) ? process : DeterminismCheck.InThisProcess(_scenario);
        return new SeedWorker(seed => _watch is null
            ? DeterminismCheck.RunTwice(_scenario, seed, second)
            : _watch.Run(() => DeterminismCheck.RunTwice(_scenario, seed, second, watchThreadPool: true)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var process in _processes) process.Dispose();
        _watch?.Dispose();
    }
}
