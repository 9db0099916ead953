using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Tests.Support;
using Xunit;

namespace Tests.tools.Sim.Campaigns;

/// <summary><c>sim run --check</c> over scenarios of a user's own: each seed in two processes; what a scenario leaks is named with file and line.</summary>
public class SecondProcessTests
{
    private static readonly IReadOnlyDictionary<string, string> s_own = new Dictionary<string, string> { ["SIM_SCENARIOS"] = typeof(SteadyScenario).Assembly.Location };

    [Fact]
    public async Task A_scenario_that_follows_from_its_seed_passes_in_both_processes()
    {
        var result = await Check(exitCode: 0, "steady", "--seeds", "1..4");
        Assert.Contains("seeds       4: 4 passed, 0 failed", result.StandardOutput, StringComparison.Ordinal);
    }

    /// <summary>In one process hash codes agree; it takes two to see this one.</summary>
    [Theory]
    [InlineData("hash-order")]
    [InlineData("wall-clock")]
    [InlineData("unseeded")]
    public async Task What_differs_between_processes_is_found_at_its_event_and_named_with_file_and_line_in_both(string scenario)
    {
        var result = await Check(exitCode: 3, scenario, "--seeds", "1");
        Assert.Contains("property    determinism", result.StandardOutput, StringComparison.Ordinal);
        Assert.Matches(@"two runs differ first at event \d+, by \S*PlantedScenarios\.cs:\d+\.", result.StandardOutput);
        Assert.Matches(@"this process: write to a file of length 8 \([0-9a-f]{16}\)\n( +at .*\n)* +at Tests\.tools\.Sim\.Campaigns\.PlantedScenario\.Write\(Node node\) in \S*PlantedScenarios\.cs:line \d+\n", result.StandardOutput);
        Assert.Matches(@"the second process: write to a file of length 8 \([0-9a-f]{16}\)\n( +at .*\n)* +at Tests\.tools\.Sim\.Campaigns\.PlantedScenario\.Write\(Node node\) in \S*PlantedScenarios\.cs:line \d+\n", result.StandardOutput);
    }

    [Fact]
    public async Task A_static_that_counts_runs_is_found_though_both_processes_run_the_same_seeds()
    {
        var result = await Check(exitCode: 3, "counted", "--seeds", "2", "--jobs", "1");
        Assert.Contains("0 passed, 2 failed", result.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("property    determinism", result.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_that_ends_fails_the_seed_that_it_ran_and_another_runs_the_rest()
    {
        var result = await Check(exitCode: 1, "deadly", "--seeds", "4", "--jobs", "1");
        Assert.Contains("seeds       4: 3 passed, 1 failed", result.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("FAILED      deadly seed 2\nproperty    second-run\nstate       The second process ended while it ran seed 2, with exit code 7; ", result.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seed_that_ran_beside_one_that_leaks_is_not_accused()
    {
        var result = await Check(exitCode: 3, "neighbours", "--seeds", "2", "--jobs", "2");
        Assert.Contains("seeds       2: 1 passed, 1 failed", result.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("FAILED      neighbours seed 1\nproperty    no-leak\n", result.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scenarios_are_found_as_public_static_properties_and_fields_too()
    {
        var list = await SimProcess.RunIn(s_own, "list");
        foreach (var name in new[] { "of-a-field", "of-a-property", "steady" }) Assert.Single(list.StandardOutput.Split('\n'), l => l.StartsWith(name + " ", StringComparison.Ordinal));
        var result = await Check(exitCode: 0, "of-a-property", "--seeds", "2");
    }

    [Fact]
    public async Task Work_on_the_thread_pool_is_named_by_the_code_that_handed_it_over()
    {
        var result = await Check(exitCode: 3, "pool", "--seeds", "1");
        Assert.Contains("property    no-leak", result.StandardOutput, StringComparison.Ordinal);
        Assert.Matches(@"at Tests\.tools\.Sim\.Campaigns\.PoolScenario\.Next in \S*PlantedScenarios\.cs:line \d+", result.StandardOutput);
    }

    [Fact]
    public async Task A_file_of_scenarios_that_is_not_there_is_named()
    {
        var missing = Path.Combine(AppContext.BaseDirectory, "nowhere.dll");
        var result = await SimProcess.RunIn(new Dictionary<string, string> { ["SIM_SCENARIOS"] = missing }, "list");
        Assert.Equal((2, $"sim: There is no file {missing}, which SIM_SCENARIOS names: build it, or correct the variable.\n"), (result.ExitCode, result.StandardError));
    }

    /// <summary>Runs <c>sim run --check</c> over these scenarios; it must end with this exit code, and have no error of its own.</summary>
    private static async Task<ProgramResult> Check(int exitCode, params string[] arguments)
    {
        var result = await SimProcess.RunIn(s_own, ["run", .. arguments, "--check"]);
        Assert.Equal((exitCode, ""), (result.ExitCode, result.StandardError));
        return result;
    }
}
