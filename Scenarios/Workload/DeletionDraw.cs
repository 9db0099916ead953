using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Scenarios.Workload;

/// <summary>Draws the deletions of records that an operator asks for: mostly of a part of what is there, now and then of everything.</summary>
internal static class DeletionDraw
{
    private const double Everything = 0.2;

    public static void Fill(List<PlannedChore> chores, RandomStream random, WorkloadShape shape)
    {
        for (var at = Next(shape.Start); at < shape.End; at = Next(at))
        {
            var percent = random.Chance(Everything) ? 100 : random.Next(50, 100);
            chores.Add(new PlannedChore(at, ChoreKind.DeleteRecords) { Partition = random.Next(shape.Partitions), Percent = percent });
        }

        TimeSpan Next(TimeSpan after) => after + random.NextSpan(shape.DeletionPause.Min, shape.DeletionPause.Max);
    }
}
