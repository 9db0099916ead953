using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Reference.Broker;
using Reference.Broker.Controller;
using Reference.Broker.Storage;
using Reference.Broker.Znodes;
using Scenarios;
using Scenarios.Running;
using Scenarios.Zoo;
using Xunit;

namespace Tests.Scenarios.Zoo;

/// <summary>The planted bugs are one wrong decision each, and the properties tell them from the right ones.</summary>
public class BugZooTests
{
    [Theory]
    [InlineData(1, nameof(BrokerDecisions.FollowerTruncation))]
    [InlineData(2, nameof(BrokerDecisions.FollowerTruncation))]
    [InlineData(3, nameof(BrokerDecisions.MayJoinIsr))]
    [InlineData(4, nameof(BrokerDecisions.CheckLeaderEpoch))]
    [InlineData(5, nameof(BrokerDecisions.HighWatermark))]
    [InlineData(6, nameof(BrokerDecisions.RaisesHighWatermarkAfter))]
    [InlineData(7, $"{nameof(BrokerDecisions.Log)}.{nameof(LogDecisions.SliceEnd)}")]
    [InlineData(8, nameof(BrokerDecisions.TriesOnceWatched))]
    [InlineData(9, nameof(BrokerDecisions.ReactToOutOfRange))]
    [InlineData(10, $"{nameof(BrokerDecisions.Controller)}.{nameof(ControllerDecisions.GuardOps)}")]
    [InlineData(11, $"{nameof(BrokerDecisions.Controller)}.{nameof(ControllerDecisions.HasRestarted)}", nameof(BrokerDecisions.IsStaleBrokerEpoch))]
    [InlineData(12, $"{nameof(BrokerDecisions.Znodes)}.{nameof(ZnodeDecisions.WasWritten)}")]
    [InlineData(13, $"{nameof(BrokerDecisions.Controller)}.{nameof(ControllerDecisions.KnownAfterAnnouncement)}")]
    [InlineData(14, $"{nameof(BrokerDecisions.Znodes)}.{nameof(ZnodeDecisions.OwnerOf)}")]
    [InlineData(15, $"{nameof(BrokerDecisions.Log)}.{nameof(LogDecisions.MarkerRemoval)}")]
    [InlineData(17, $"{nameof(BrokerDecisions.Log)}.{nameof(LogDecisions.CleanedAfterTruncation)}")]
    public void A_mutant_differs_from_the_clean_build_in_what_its_story_tells_of_and_in_nothing_else(int id, params string[] decisions) =>
        Assert.Equal(decisions, Differences(BrokerDecisions.Kafka, MutantOf(id).Decisions));

    [Fact]
    public void The_clean_build_is_clean()
    {
        Assert.Empty(Differences(BrokerDecisions.Kafka, new BrokerDecisions()));
        Assert.Same(BrokerDecisions.Kafka, Assert.IsType<ClusterScenario>(Catalogue.Default).Decisions);
    }

    [Fact]
    public void Every_mutant_tells_its_story() => Assert.All(BugZoo.Mutants, mutant =>
    {
        Assert.NotEmpty(mutant.Story);
        Assert.NotEmpty(mutant.Mutation);
        Assert.NotEmpty(mutant.Fix);
        Assert.NotEqual(mutant.Mutation, mutant.Fix);
        Assert.Single(BugZoo.Mutants, m => m.Id == mutant.Id);
    });

    private static (int Id, BrokerDecisions Decisions) MutantOf(int id)
    {
        var mutant = BugZoo.Mutants.Single(m => m.Id == id);
        return (mutant.Id, Assert.IsType<ClusterScenario>(mutant.Scenario).Decisions);
    }

    /// <summary>The names of the decisions in which two records of them differ, nested records opened.</summary>
    private static IEnumerable<string> Differences(object right, object other)
    {
        foreach (var property in right.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var (here, there) = (property.GetValue(right)!, property.GetValue(other)!);
            if (here is Delegate or Enum or bool)
            {
                if (!here.Equals(there)) yield return property.Name;
                continue;
            }

            foreach (var name in Differences(here, there)) yield return $"{property.Name}.{name}";
        }
    }
}
