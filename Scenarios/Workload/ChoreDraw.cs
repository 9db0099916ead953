using System;
using System.Collections.Generic;
using System.Globalization;
using Simulator.Platform;

namespace Scenarios.Workload;

/// <summary>Draws an operator's chores: topics come and go, and now and then he has enough of the controller.</summary>
internal static class ChoreDraw
{
    private const int MostPartitions = 3;
    private const double Deposing = 0.2;
    private const double Creating = 0.6;

    public static void Fill(List<PlannedChore> chores, RandomStream random, WorkloadShape shape)
    {
        var alive = new List<string>();
        var made = 0;
        for (var at = Next(shape.Start); at < shape.End; at = Next(at))
        {
            if (random.Chance(Deposing)) chores.Add(new PlannedChore(at, ChoreKind.DeposeController, string.Empty, 0));
            else if (alive.Count == 0 || random.Chance(Creating)) chores.Add(new PlannedChore(at, ChoreKind.CreateTopic, Make(), random.Next(1, MostPartitions + 1)));
            else chores.Add(new PlannedChore(at, ChoreKind.DeleteTopic, Take(random.Next(alive.Count)), 0));
        }

        TimeSpan Next(TimeSpan after) => after + random.NextSpan(shape.ChorePause.Min, shape.ChorePause.Max);

        string Make()
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"extra-{++made}");
            alive.Add(name);
            return name;
        }

        string Take(int index)
        {
            var name = alive[index];
            alive.RemoveAt(index);
            return name;
        }
    }
}
