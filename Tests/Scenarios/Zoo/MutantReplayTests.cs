using System;
using System.Linq;
using Scenarios;
using Scenarios.Zoo;
using Simulator.Engine.Replay;
using Tests.Support;
using Xunit;

namespace Tests.Scenarios.Zoo;

/// <summary>The shrunk runs that kill planted bugs: a few decisions each, so that other changes leave them alone.</summary>
public class MutantReplayTests
{
    private const int DecisionsAtMost = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(14)]
    [InlineData(15)]
    public void A_replay_file_of_a_few_decisions_kills_the_mutant_and_spares_the_clean_build(int id)
    {
        var file = ReplayFile.Load(RepositoryTree.PathOf($"Tests/Scenarios/Zoo/mutant-{id}.replay.json"));
        Assert.Equal(id, file.Mutant);
        Assert.InRange(ShrinkSize.Of(file.Script).Decisions, 1, DecisionsAtMost);
        Assert.Equal(file.Failure!.Property, file.Run(BugZoo.Mutants.Single(m => m.Id == id).Scenario).Failure?.Property);
        Assert.Null(file.Run(Catalogue.All.Single(s => s.Name == file.Scenario)).Failure);
    }

    [Fact]
    public void A_copy_with_one_decision_edited_runs_another_way()
    {
        var file = ReplayFile.Load(RepositoryTree.PathOf("Tests/Scenarios/Zoo/mutant-1.replay.json"));
        var faults = file.Script.Faults.Select(f => f with { At = f.At + TimeSpan.FromSeconds(60) }).ToList();
        var branch = file with { Script = file.Script with { Faults = faults } };
        Assert.Null(branch.Run(BugZoo.Mutants.Single(m => m.Id == 1).Scenario).Failure);
    }
}
