using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Simulator.Engine.Exploration;
using Simulator.Engine.Simulations;
using Tests.Support;
using Tests.tools.Sim;
using tools.Sample.KeyValue;
using Xunit;

namespace Tests.tools.Sample.KeyValue;

public sealed class KeyValueSampleTests
{
    [Fact]
    public void The_store_as_it_should_be_passes_twenty_seeds_twice_each()
    {
        var results = new Campaign(KeyValueSimulation.Scenario(PlantedBug.None), SeedRange.Parse("20"), 2, check: true).Run();
        Assert.All(results, r => Assert.Null(r.Failure));
        Assert.True(results.Select(r => r.Metrics["acknowledged"]).Order().ElementAt(10) > 100);
    }

    [Theory]
    [InlineData(PlantedBug.EarlyAcknowledgement)]
    [InlineData(PlantedBug.StaleRead)]
    public void Each_planted_bug_is_found_within_forty_seeds_because_of_what_clients_saw(PlantedBug bug)
    {
        var scenario = KeyValueSimulation.Scenario(bug);
        var failed = SeedRange.Parse("40").Select(seed => SeedRunner.Run(scenario, seed)).First(r => !r.Passed);
        Assert.Equal("linearizable", failed.Failure!.Property);
    }

    [Fact]
    public async Task The_check_of_the_programs_own_command_line_runs_each_seed_in_a_second_process()
    {
        var right = await Run("--seeds", "2", "--jobs", "2", "--check");
        Assert.Equal((0, ""), (right.ExitCode, right.StandardError));
        Assert.StartsWith("key-value: 2 seeds, 2 passed, 0 failed; ", right.StandardOutput, StringComparison.Ordinal);
    }

    /// <summary>What follows from hash codes is the same in both runs of one process.</summary>
    [Fact]
    public async Task What_depends_on_hash_codes_of_strings_is_found_by_two_processes_and_not_within_one()
    {
        Assert.Null(DeterminismCheck.RunTwice(KeyValueSimulation.HashedPatience, 1).Failure);
        var checkedRun = await Run("key-value-HashedPatience", "--seeds", "1", "--check");
        Assert.Equal((3, ""), (checkedRun.ExitCode, checkedRun.StandardError));
        Assert.StartsWith("Property determinism failed at seed 1 of key-value-HashedPatience, ", checkedRun.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("two runs differ first at event", checkedRun.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("the second process: ", checkedRun.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tool_finds_the_samples_scenarios_draws_a_run_goes_through_it_and_checks_another_in_two_processes()
    {
        using var folder = new TempDirectory();
        var list = await Sim("list");
        foreach (var name in new[] { "key-value", "key-value-EarlyAcknowledgement", "key-value-StaleRead", "key-value-HashedPatience" })
            Assert.Single(list.StandardOutput.Split('\n'), l => l.StartsWith(name + " ", StringComparison.Ordinal));
        var timeline = await Sim("timeline", "key-value", "1", "--out", folder.File("run.html"));
        Assert.Equal((0, ""), (timeline.ExitCode, timeline.StandardError));
        Assert.EndsWith("all held\n", timeline.StandardOutput, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("run.html")));
        var step = await Sim("step", "key-value", "1");
        Assert.Equal((0, ""), (step.ExitCode, step.StandardError));
        Assert.Contains("end         passed", step.StandardOutput, StringComparison.Ordinal);
        Assert.Equal(3, (await Sim("run", "key-value-HashedPatience", "--seeds", "1", "--check")).ExitCode);
    }

    [Fact]
    public async Task The_same_store_runs_over_real_sockets()
    {
        using var folder = new TempDirectory();
        var addresses = global::tools.Sample.KeyValue.RealCluster.Addresses(FreePorts.Several(6));
        await using var world = global::tools.Sample.KeyValue.RealCluster.Start(addresses, folder.Path, NullLoggerFactory.Instance);
        var read = await global::tools.Sample.KeyValue.RealCluster.WriteAndReadAsync(addresses, "greeting", "hello", NullLoggerFactory.Instance).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("hello", read);
    }

    private static async Task<ProgramResult> Run(params string[] arguments)
    {
        using var running = ExternalProgram.Start("dotnet", [BuiltProgram.Of("Sample.KeyValue"), .. arguments]);
        running.CloseInput();
        return new ProgramResult(await running.WaitForExit(TimeSpan.FromMinutes(3)), running.StandardOutput, running.StandardError);
    }

    private static Task<ProgramResult> Sim(params string[] arguments) =>
        SimProcess.RunIn(new Dictionary<string, string> { ["SIM_SCENARIOS"] = BuiltProgram.Of("Sample.KeyValue") }, arguments);
}
