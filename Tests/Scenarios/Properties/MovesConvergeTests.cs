using System;
using Scenarios.History;
using Scenarios.Properties;
using Scenarios.Workload;
using Simulator.Engine.Timelines;
using Xunit;

namespace Tests.Scenarios.Properties;

/// <summary>A partition ends with the replicas that were asked for last, as far as anybody can know which those are.</summary>
public class MovesConvergeTests
{
    private readonly ObservedCluster _cluster = new();
    private readonly ClientHistory _history = new();

    public MovesConvergeTests() => _cluster.Keeps(1).Keeps(2).Assign("[1,2]");

    [Fact]
    public void What_nobody_moved_stays()
    {
        Assert.Null(Violation());
        _cluster.Assign("[2,1]");
        Assert.StartsWith("t-0 has the replicas [2,1], but after the moves asked for it must have one of: [1,2]", Violation(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_accepted_move_ends_in_exactly_its_replicas_in_their_order()
    {
        Do(ChoreKind.Move, OperationOutcome.Ok, 2, 3);
        Assert.NotNull(Violation());
        _cluster.Assign("[2,3,1]", adding: "[3]", removing: "[1]");
        Assert.Equal("t-0 still moves: [2,3,1] adding [3] removing [1]", Violation());
        _cluster.Assign("[3,2]").Keeps(3);
        Assert.NotNull(Violation());
        _cluster.Assign("[2,3]");
        Assert.Equal("broker 1 still keeps t-0, which has moved to [2,3]", Violation());
        _cluster.Drops(1);
        Assert.Null(Violation());
        _cluster.Drops(3);
        Assert.Equal("broker 3 does not keep t-0, though it is one of [2,3]", Violation());
    }

    [Theory]
    [InlineData(ChoreKind.Move, OperationOutcome.Info)]
    [InlineData(ChoreKind.Move, OperationOutcome.Fail)]
    [InlineData(ChoreKind.MoveByZnode, OperationOutcome.Ok)]
    public void A_move_of_which_nobody_knows_may_have_been_made_or_not(ChoreKind kind, OperationOutcome outcome)
    {
        Do(kind, outcome, 2, 1);
        Assert.Null(Violation());
        _cluster.Assign("[2,1]");
        Assert.Null(Violation());
    }

    [Fact]
    public void A_move_given_up_leads_back_to_the_replicas_of_before_in_any_order()
    {
        Do(ChoreKind.Move, OperationOutcome.Ok, 2, 3);
        Do(ChoreKind.CancelMove, OperationOutcome.Ok);
        _cluster.Assign("[2,1]");
        Assert.Null(Violation());
        _cluster.Assign("[1]");
        Assert.NotNull(Violation());
    }

    [Fact]
    public void After_an_accepted_move_an_older_wish_in_the_store_may_still_be_granted_but_a_refused_one_may_not()
    {
        Do(ChoreKind.MoveByZnode, OperationOutcome.Fail, 2, 1);
        Do(ChoreKind.Move, OperationOutcome.Ok, 1, 2);
        _cluster.Assign("[2,1]");
        Assert.NotNull(Violation());
    }

    private void Do(ChoreKind kind, OperationOutcome outcome, params int[] replicas) =>
        _history.EndChore(_history.BeginChore(new PlannedChore(TimeSpan.Zero, kind, "t") { Replicas = replicas }), outcome);

    private string? Violation() => new MovesConverge(_cluster.Observation, _history).FindViolation();
}
