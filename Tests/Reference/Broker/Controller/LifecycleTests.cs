using System;
using System.IO;
using System.Linq;
using Reference.Broker.Controller;
using Reference.StateMachines;
using Reference.StateMachines.Graph;
using Reference.StateMachines.Reflection;
using Tests.Support;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>The legal moves of partitions and replicas as tables, all others refused; the documents show them, drawn and as tables.</summary>
public sealed class LifecycleTests
{
    [Fact]
    public void Partitions_move_only_along_the_table() => OnlyTheseMoves<PartitionState, PartitionTrigger>(
        PartitionLifecycle.Create,
        "NonExistent Create New",
        "New ElectLeader Online",
        "New LoseLeader Offline",
        "Online ElectLeader Online",
        "Online LoseLeader Offline",
        "Offline ElectLeader Online",
        "Offline LoseLeader Offline",
        "Offline Delete NonExistent");

    [Fact]
    public void Replicas_move_only_along_the_table() => OnlyTheseMoves<ReplicaState, ReplicaTrigger>(
        ReplicaLifecycle.Create,
        "NonExistent Create New",
        "New Start Online",
        "New Stop Offline",
        "Online Start Online",
        "Online Stop Offline",
        "Offline Start Online",
        "Offline Stop Offline",
        "Offline Delete DeletionStarted",
        "Offline FailDeletion DeletionIneligible",
        "DeletionStarted Deleted DeletionSuccessful",
        "DeletionStarted FailDeletion DeletionIneligible",
        "DeletionSuccessful Forget NonExistent",
        "DeletionIneligible Start Online",
        "DeletionIneligible Stop Offline");

    [Fact]
    public void The_document_shows_the_diagram_and_the_table_of_partitions() => Document(
        "docs/partition-states.md",
        "Partition states",
        "What a partition is to the controller (`Reference/Broker/Controller/PartitionState.cs`). Where a cell of the table is empty, the move is refused and logged.",
        PartitionLifecycle.Create().GetInfo());

    [Fact]
    public void The_document_shows_the_diagram_and_the_table_of_replicas() => Document(
        "docs/replica-states.md",
        "Replica states",
        "What a replica is to the controller (`Reference/Broker/Controller/ReplicaState.cs`). Where a cell of the table is empty, the move is refused and logged.",
        ReplicaLifecycle.Create().GetInfo());

    private static void OnlyTheseMoves<TState, TTrigger>(Func<TState, StateMachine<TState, TTrigger>> create, params string[] expected)
        where TState : struct, Enum
        where TTrigger : struct, Enum
    {
        var legal =
            from state in Enum.GetValues<TState>()
            from trigger in Enum.GetValues<TTrigger>()
            where create(state).CanFire(trigger)
            select $"{state} {trigger} {Fire(create(state), trigger)}";
        Assert.Equal(expected, legal);
    }

    private static TState Fire<TState, TTrigger>(StateMachine<TState, TTrigger> machine, TTrigger trigger)
        where TState : notnull
        where TTrigger : notnull
    {
        machine.Fire(trigger);
        return machine.State;
    }

    private static void Document(string path, string title, string text, StateMachineInfo machine)
    {
        var expected = $"# {title}\n\n{text}\nThis file is generated from the code; a test compares (`SIM_APPROVE=1 dotnet test` writes it anew).\n\n"
            + $"```mermaid\n{MermaidGraph.Format(machine)}```\n\n{MarkdownTable.Format(machine)}";
        if (Environment.GetEnvironmentVariable("SIM_APPROVE") == "1")
        {
            Directory.CreateDirectory(RepositoryTree.PathOf("docs"));
            File.WriteAllText(RepositoryTree.PathOf(path), expected);
        }

        Assert.Equal(expected, RepositoryTree.Read(path));
    }
}
