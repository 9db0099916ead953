using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Simulator.Engine.Exploration;

/// <summary>
/// Many seeds of a scenario on several threads. Each seed is a world of its own on one thread, so the results do not depend on
/// the number of threads.
/// </summary>
/// <param name="name">The scenario's name, for those of the threads.</param>
/// <param name="seeds">What to run.</param>
/// <param name="jobs">Number of threads.</param>
/// <param name="workers">Makes a worker for each thread.</param>
public sealed class Campaign(string name, IReadOnlyList<ulong> seeds, int jobs, Func<ISeedWorker> workers)
{
    private readonly SeedResult?[] _results = new SeedResult?[seeds.Count];
    private int _next = -1;
    private int _done;
    private int _failed;
    private Exception? _broken;

    /// <summary>A campaign within this process. What differs only between processes, such as the hash codes of texts, is not found in it.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="seeds">What to run.</param>
    /// <param name="jobs">Number of threads.</param>
    /// <param name="check">Whether each seed runs twice.</param>
    /// <param name="watchThreadPool">Whether work on the thread pool fails a checked run; only where nothing else in the process uses it.</param>
    public Campaign(Scenario scenario, IReadOnlyList<ulong> seeds, int jobs, bool check, bool watchThreadPool = false)
        : this(scenario.Name, seeds, jobs, new SeedWorkers(scenario, jobs, check, startSecond: null, watchThreadPool).Next)
    {
    }

    /// <summary>Number of seeds that have ended.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Number of seeds that have failed so far.</summary>
    public int Failed => Volatile.Read(ref _failed);

    /// <summary>Runs all seeds; gives their results in the order of the seeds.</summary>
    /// <param name="whileRunning">Called on the calling thread every <paramref name="pulse"/>: the place for a progress bar.</param>
    /// <param name="pulse">How often.</param>
    /// <exception cref="Exception">What a worker threw first, as it was: no seed's fault, so the campaign has ended early.</exception>
    public IReadOnlyList<SeedResult> Run(Action? whileRunning = null, TimeSpan? pulse = null)
    {
        var threads = new List<Thread>();
        for (var i = 0; i < Math.Min(jobs, seeds.Count); i++)
        {
            var thread = new Thread(RunSeeds) { IsBackground = true, Name = $"{name} {i + 1}" };
            thread.Start();
            threads.Add(thread);
        }

        foreach (var thread in threads)
        {
            while (!thread.Join(pulse ?? TimeSpan.FromMilliseconds(100))) whileRunning?.Invoke();
        }

        whileRunning?.Invoke();
        if (_broken is not null) ExceptionDispatchInfo.Throw(_broken);
        return _results!;
    }

    private void RunSeeds()
    {
        try
        {
            using var worker = workers();
            while (Volatile.Read(ref _broken) is null && Interlocked.Increment(ref _next) is var index && index < seeds.Count)
            {
                var result = worker.Run(seeds[index]);
                _results[index] = result;
                if (!result.Passed) Interlocked.Increment(ref _failed);
                Interlocked.Increment(ref _done);
            }
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _broken, e, null);
        }
    }
}
