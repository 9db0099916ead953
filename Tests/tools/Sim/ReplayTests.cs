using System;
using System.Linq;
using System.Threading.Tasks;
using Scenarios.Zoo;
using Simulator.Engine.Exploration;
using Xunit;

namespace Tests.tools.Sim;

/// <summary>A failing seed is the same failure wherever it is run again.</summary>
public class ReplayTests
{
    [Fact]
    public void The_replay_of_a_failing_seed_ends_in_the_hash_that_the_run_reported()
    {
        var scenario = new ToyScenario(breaks: seed => seed == 3);
        var run = CommandLineResult.Of([scenario], "run", "--seeds", "4");
        var command = run.Output.Split('\n').Single(l => l.StartsWith("replay ", StringComparison.Ordinal));
        var words = command[(command.IndexOf("-- ", StringComparison.Ordinal) + 3)..].Split(' ');
        Assert.Equal(["replay", "toy", "3"], words);
        Assert.Equal(LastHash(run.Output), LastHash(CommandLineResult.Of([scenario], words).Output));
    }

    [Fact]
    public async Task A_failing_seed_ends_in_the_same_hash_in_another_process()
    {
        const ulong Seed = 3;
        var here = SeedRunner.Run(BugZoo.Mutants.Single(m => m.Id == 1).Scenario, Seed);
        Assert.False(here.Passed);
        var there = await SimProcess.Run("replay", "replication", $"{Seed}", "--mutant", "1");
        Assert.Equal(1, there.ExitCode);
        Assert.Contains($"property    {here.Failure!.Property}", there.StandardOutput, StringComparison.Ordinal);
        Assert.Contains($"state       {here.Failure.Message}", there.StandardOutput, StringComparison.Ordinal);
        Assert.Equal($"0x{here.Hash:x16}", LastHash(there.StandardOutput));
        Assert.Equal("", there.StandardError);
    }

    private static string LastHash(string output) => output.Split('\n').Last(l => l.StartsWith("hash ", StringComparison.Ordinal)).Split(' ')[^1];
}
