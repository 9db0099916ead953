using System;
using System.Collections.Generic;
using System.Threading;
using Simulator.Engine.Exploration;

namespace Simulator.Xunit;

/// <summary>Runs seeds on some threads until one fails, and finds the first that does in the order of the seeds.</summary>
internal sealed class FirstFailure(IReadOnlyList<ulong> seeds, int jobs, Func<ulong, SeedResult> run)
{
    private readonly Lock _gate = new();
    private int _next = -1;
    private int _firstIndex = int.MaxValue;
    private SeedResult? _first;
    private Exception? _broken;

    /// <summary>The failing result, or null if all passed.</summary>
    public SeedResult? Find(CancellationToken cancellation)
    {
        var threads = new List<Thread>();
        for (var i = 1; i < Math.Min(jobs, seeds.Count); i++)
        {
            var thread = new Thread(() => RunSeeds(cancellation)) { IsBackground = true, Name = $"seeds {i + 1}" };
            thread.Start();
            threads.Add(thread);
        }

        RunSeeds(cancellation);
        foreach (var thread in threads) thread.Join();
        if (_broken is not null) throw new InvalidOperationException($"The test could not be run: {_broken.Message}", _broken);
        cancellation.ThrowIfCancellationRequested();
        return _first;
    }

    private void RunSeeds(CancellationToken cancellation)
    {
        try
        {
            // Seeds are taken in ascending order: once one has failed, no later one can be the first.
            while (Interlocked.Increment(ref _next) is var index && index < seeds.Count && index < Volatile.Read(ref _firstIndex) && !cancellation.IsCancellationRequested)
            {
                var result = run(seeds[index]);
                if (!result.Passed) Note(index, result);
            }
        }
        catch (Exception e)
        {
            _broken ??= e;
            Volatile.Write(ref _firstIndex, -1);
        }
    }

    private void Note(int index, SeedResult result)
    {
        lock (_gate)
        {
            if (index >= _firstIndex) return;
            _firstIndex = index;
            _first = result;
        }
    }
}
