using System;
using Scenarios.History;
using Scenarios.Properties;
using Scenarios.Workload;
using Simulator.Engine.Timelines;
using Xunit;

namespace Tests.Scenarios.Properties;

/// <summary>What an operator was told of his topics holds, and all brokers agree with the store.</summary>
public class TopicsConvergeTests
{
    private readonly ObservedCluster _cluster = new();
    private readonly ClientHistory _history = new();

    [Fact]
    public void All_agree_before_anything_has_been_done() => Assert.Null(Violation());

    [Fact]
    public void A_topic_that_was_created_must_be_there()
    {
        Do(ChoreKind.CreateTopic, OperationOutcome.Ok);
        Assert.Equal("extra-1 was created, but is not there", Violation());
    }

    [Theory]
    [InlineData(OperationOutcome.Fail)]
    [InlineData(OperationOutcome.Info)]
    public void One_of_which_nobody_knows_may_be_missing(OperationOutcome outcome)
    {
        Do(ChoreKind.CreateTopic, outcome);
        Assert.Null(Violation());
    }

    [Fact]
    public void A_topic_that_is_perhaps_deleted_may_be_missing_though_it_was_created()
    {
        Do(ChoreKind.CreateTopic, OperationOutcome.Ok);
        Do(ChoreKind.DeleteTopic, OperationOutcome.Info);
        Assert.Null(Violation());
    }

    [Fact]
    public void A_topic_of_whose_creation_nobody_knows_may_come_after_its_deletion_but_one_known_to_be_created_may_not()
    {
        _cluster.Topic("extra-1");
        Do(ChoreKind.CreateTopic, OperationOutcome.Ok);
        Do(ChoreKind.DeleteTopic, OperationOutcome.Ok);
        Assert.Equal("extra-1 was deleted, but is there", Violation());
        Do(ChoreKind.CreateTopic, OperationOutcome.Info);
        Assert.NotEqual("extra-1 was deleted, but is there", Violation());
    }

    private void Do(ChoreKind kind, OperationOutcome outcome) =>
        _history.EndChore(_history.BeginChore(new PlannedChore(TimeSpan.Zero, kind, "extra-1", 1)), outcome);

    private string? Violation() => new TopicsConverge(_cluster.Observation, _history).FindViolation();
}
