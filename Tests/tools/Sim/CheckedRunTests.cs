using System;
using System.Threading.Tasks;
using Xunit;

namespace Tests.tools.Sim;

/// <summary><c>sim run --check</c>: each seed twice, and an eye on the process's thread pool.</summary>
public class CheckedRunTests
{
    /// <summary>In a process of its own: the pool of this one belongs to the test host.</summary>
    [Fact]
    public async Task A_scenario_that_follows_from_its_seed_passes()
    {
        var result = await SimProcess.Run("run", "replication", "--seeds", "1..1", "--check");
        Assert.Equal((0, ""), (result.ExitCode, result.StandardError));
        Assert.Contains("seeds       1: 1 passed, 0 failed", result.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public void Nondeterminism_gives_3_where_it_is_looked_for_and_names_the_first_event_that_differs()
    {
        var result = CommandLineResult.Of([new ToyScenario(leaks: true)], "run", "--seeds", "1", "--check");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("property    determinism", result.Output, StringComparison.Ordinal);
        Assert.Contains("two runs differ first at event", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, CommandLineResult.Of([new ToyScenario(leaks: true)], "run", "--seeds", "1").ExitCode);
    }

    [Theory]
    [InlineData("run --seeds 1 --check")]
    [InlineData("run --seeds 1")]
    [InlineData("replay toy 1")]
    public void A_leak_out_of_the_loop_gives_3_too(string line)
    {
        var result = CommandLineResult.Of([new ToyScenario(escapes: true)], line.Split(' '));
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("property    no-leak", result.Output, StringComparison.Ordinal);
        Assert.Contains("was touched from thread", result.Output, StringComparison.Ordinal);
    }
}
