using System.Collections.Generic;
using Simulator.Platform;

namespace Scenarios.Workload;

/// <summary>Draws the keys of sends: some keys are written all the time, some now and then and seldom deleted, some come and go.</summary>
internal static class KeyDraw
{
    private const double Hot = 0.5;
    private const double Tombstone = 0.2;

    public static void Fill(List<PlannedSend> sends, RandomStream random, int keys)
    {
        for (var i = 0; i < sends.Count; i++)
        {
            var key = random.Chance(Hot) ? random.Next((keys + 3) / 4) : random.Next(keys);
            sends[i] = sends[i] with { Key = key, IsTombstone = random.Chance(Tombstone) };
        }
    }
}
