using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Simulator.Platform;

namespace Scenarios.Workload;

/// <summary>
/// Draws an operator's chores: topics come and go, and now and then he has enough of the controller. Where he may move partitions
/// he does mostly that.
/// </summary>
internal static class ChoreDraw
{
    private const int MostPartitions = 3;
    private const int UsualReplicas = 3;
    private const double Moving = 0.75;
    private const double MovingTheBusy = 0.75;
    private const double Deposing = 0.2;
    private const double Creating = 0.6;
    private static readonly IReadOnlyList<ChoreKind> s_moves =
    [
        ChoreKind.Move, ChoreKind.Move, ChoreKind.Move, ChoreKind.MoveByZnode, ChoreKind.MoveByZnode, ChoreKind.CancelMove, ChoreKind.CancelMove,
        ChoreKind.ListMoves, ChoreKind.AddPartitions, ChoreKind.ElectPreferred,
    ];

    public static void Fill(List<PlannedChore> chores, RandomStream random, WorkloadShape shape)
    {
        var alive = new List<(string Name, int Partitions)>();
        var made = 0;
        for (var at = Next(shape.Start); at < shape.End; at = Next(at))
        {
            if (shape.MoveTargets > 0 && random.Chance(Moving)) chores.Add(DrawMove(at, random, shape, alive));
            else if (random.Chance(Deposing)) chores.Add(new PlannedChore(at, ChoreKind.DeposeController));
            else if (alive.Count == 0 || random.Chance(Creating)) chores.Add(Make(at));
            else chores.Add(Take(at, random.Next(alive.Count)));
        }

        TimeSpan Next(TimeSpan after) => after + random.NextSpan(shape.ChorePause.Min, shape.ChorePause.Max);

        PlannedChore Make(TimeSpan at)
        {
            var topic = (Name: string.Create(CultureInfo.InvariantCulture, $"extra-{++made}"), Partitions: random.Next(1, MostPartitions + 1));
            alive.Add(topic);
            return new PlannedChore(at, ChoreKind.CreateTopic, topic.Name, topic.Partitions);
        }

        PlannedChore Take(TimeSpan at, int index)
        {
            var name = alive[index].Name;
            alive.RemoveAt(index);
            return new PlannedChore(at, ChoreKind.DeleteTopic, name);
        }
    }

    private static PlannedChore DrawMove(TimeSpan at, RandomStream random, WorkloadShape shape, List<(string Name, int Partitions)> alive)
    {
        var kind = random.Pick(s_moves);
        if (kind == ChoreKind.ListMoves) return new PlannedChore(at, kind);
        if (kind == ChoreKind.AddPartitions && alive.Count > 0)
        {
            var grown = random.Next(alive.Count);
            alive[grown] = alive[grown] with { Partitions = alive[grown].Partitions + 1 };
            return new PlannedChore(at, kind, alive[grown].Name, alive[grown].Partitions);
        }

        if (kind == ChoreKind.AddPartitions) kind = ChoreKind.Move;
        var (topic, partitions) = alive.Count == 0 || random.Chance(MovingTheBusy) ? (shape.Topic, shape.Partitions) : random.Pick(alive);
        var chore = new PlannedChore(at, kind, topic) { Partition = random.Next(partitions) };
        return kind is ChoreKind.Move or ChoreKind.MoveByZnode ? chore with { Replicas = DrawReplicas(random, shape.MoveTargets) } : chore;
    }

    private static List<int> DrawReplicas(RandomStream random, int brokers)
    {
        var ids = Enumerable.Range(1, brokers).ToList();
        random.Shuffle(ids);
        return ids[..Math.Min(brokers, random.Chance(0.7) ? UsualReplicas : random.Next(2, UsualReplicas + 2))];
    }
}
