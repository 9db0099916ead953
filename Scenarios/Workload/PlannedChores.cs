using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Simulator.Engine.Replay;

namespace Scenarios.Workload;

/// <summary>An operator's chores as they stand in a replay file.</summary>
internal static class PlannedChores
{
    private const string CreateTopic = "create-topic";
    private const string DeleteTopic = "delete-topic";
    private const string DeposeController = "depose-controller";
    private const string Move = "move-partition";
    private const string MoveByZnode = "move-partition-by-znode";
    private const string CancelMove = "cancel-move";
    private const string ListMoves = "list-moves";
    private const string AddPartitions = "add-partitions";
    private const string ElectPreferred = "elect-preferred-leader";
    private const string DeleteRecords = "delete-records";
    private const string Percent = "percent";
    private const string Topic = "topic";
    private const string Partition = "partition";
    private const string Partitions = "partitions";
    private const string Replicas = "replicas";
    private const int MostPartitions = 10_000;

    /// <summary>The chore as an operation that can be written down.</summary>
    public static PlannedOperation Written(PlannedChore chore) => chore.Kind switch
    {
        ChoreKind.CreateTopic => Of(chore, CreateTopic, (Topic, chore.Topic), (Partitions, ExplicitValues.Of(chore.Partitions))),
        ChoreKind.AddPartitions => Of(chore, AddPartitions, (Topic, chore.Topic), (Partitions, ExplicitValues.Of(chore.Partitions))),
        ChoreKind.DeleteTopic => Of(chore, DeleteTopic, (Topic, chore.Topic)),
        ChoreKind.Move => OfPartition(chore, Move, (Replicas, string.Join(' ', chore.Replicas.Select(r => ExplicitValues.Of(r))))),
        ChoreKind.MoveByZnode => OfPartition(chore, MoveByZnode, (Replicas, string.Join(' ', chore.Replicas.Select(r => ExplicitValues.Of(r))))),
        ChoreKind.CancelMove => OfPartition(chore, CancelMove),
        ChoreKind.ElectPreferred => OfPartition(chore, ElectPreferred),
        ChoreKind.ListMoves => Of(chore, ListMoves),
        ChoreKind.DeleteRecords => Of(chore, DeleteRecords, (Partition, ExplicitValues.Of(chore.Partition)), (Percent, ExplicitValues.Of(chore.Percent))),
        _ => Of(chore, DeposeController),
    };

    /// <summary>The chore that was written down; null if the operation is none.</summary>
    /// <exception cref="ReplayException">A value is missing or makes no sense.</exception>
    public static PlannedChore? Read(PlannedOperation operation, ExplicitValues values, WorkloadShape shape) => operation.What switch
    {
        CreateTopic => new PlannedChore(operation.At, ChoreKind.CreateTopic, values.Text(Topic), values.Number(Partitions, 1, MostPartitions)),
        AddPartitions => new PlannedChore(operation.At, ChoreKind.AddPartitions, values.Text(Topic), values.Number(Partitions, 1, MostPartitions)),
        DeleteTopic => new PlannedChore(operation.At, ChoreKind.DeleteTopic, values.Text(Topic)),
        Move => ReadMove(operation, ChoreKind.Move, values),
        MoveByZnode => ReadMove(operation, ChoreKind.MoveByZnode, values),
        CancelMove => ReadPartition(operation, ChoreKind.CancelMove, values),
        ElectPreferred => ReadPartition(operation, ChoreKind.ElectPreferred, values),
        ListMoves => new PlannedChore(operation.At, ChoreKind.ListMoves),
        DeleteRecords => new PlannedChore(operation.At, ChoreKind.DeleteRecords)
        {
            Partition = values.Number(Partition, 0, MostPartitions) % shape.Partitions,
            Percent = values.Number(Percent, 1, 100),
        },
        DeposeController => new PlannedChore(operation.At, ChoreKind.DeposeController),
        _ => null,
    };

    private static PlannedOperation Of(PlannedChore chore, string what, params ReadOnlySpan<(string Name, string Value)> parameters) =>
        PlannedOperation.Of(chore.At, OperatorWorkload.Name, what, parameters);

    private static PlannedOperation OfPartition(PlannedChore chore, string what, params ReadOnlySpan<(string Name, string Value)> more) =>
        Of(chore, what, [(Topic, chore.Topic), (Partition, ExplicitValues.Of(chore.Partition)), .. more]);

    private static PlannedChore ReadPartition(PlannedOperation operation, ChoreKind kind, ExplicitValues values) =>
        new(operation.At, kind, values.Text(Topic)) { Partition = values.Number(Partition, 0, MostPartitions) };

    private static PlannedChore ReadMove(PlannedOperation operation, ChoreKind kind, ExplicitValues values)
    {
        var replicas = new List<int>();
        var isSound = true;
        foreach (var word in values.Text(Replicas).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            isSound &= int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
            replicas.Add(id);
        }

        if (!isSound || replicas.Count == 0) throw new ReplayException($"The operation '{operation.What}' does not fit: its replicas are no broker ids between spaces.");
        return ReadPartition(operation, kind, values) with { Replicas = replicas };
    }
}
