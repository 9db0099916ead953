using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace tools.Sim.Zoo;

/// <summary>
/// Hunts several quarries on several threads: the next run is always one of the quarry that has come least far, so that all come on
/// alike, and a quarry that is over leaves its share to the others.
/// </summary>
internal sealed class Hunt(IReadOnlyList<Quarry> quarries, int seeds, int jobs)
{
    private readonly Lock _lock = new();

    /// <summary>Runs that are done and runs that are done or may still come.</summary>
    public (int Done, int Total) Progress
    {
        get
        {
            lock (_lock) return (quarries.Sum(q => q.Settled), quarries.Sum(q => q.IsOver ? q.Settled : seeds));
        }
    }

    /// <summary>Failing seeds so far, over all quarries.</summary>
    public int Kills
    {
        get
        {
            lock (_lock) return quarries.Sum(q => q.Kills);
        }
    }

    /// <summary>Runs until every quarry is over.</summary>
    /// <param name="whileRunning">Called on the calling thread now and then: the place for a progress bar.</param>
    public void Run(Action? whileRunning = null)
    {
        var threads = Enumerable.Range(1, jobs).Select(i => new Thread(Work) { IsBackground = true, Name = $"hunt {i}" }).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads)
        {
            while (!thread.Join(TimeSpan.FromMilliseconds(100))) whileRunning?.Invoke();
        }

        whileRunning?.Invoke();
    }

    private void Work()
    {
        while (true)
        {
            Quarry? quarry;
            (int Index, ulong Seed) item;
            lock (_lock)
            {
                quarry = quarries.Where(q => q.IsOpen).MinBy(q => q.Next);
                if (quarry is null) return;
                item = quarry.HandOut();
            }

            var trial = Trial.Run(quarry.Scenario, item.Seed);
            lock (_lock) quarry.Note(item.Index, trial);
        }
    }
}
