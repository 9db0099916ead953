using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Tests.Support;
using Xunit;

namespace Tests.tools.Sim;

/// <summary>What the command line prints, word for word. Where the machine shows through (wall time, processors) it is blotted out.</summary>
public partial class OutputTests
{
    [Theory]
    [InlineData("sim")]
    [InlineData("run")]
    [InlineData("merge")]
    [InlineData("replay")]
    [InlineData("step")]
    [InlineData("zoo")]
    public Task Help_is_as_approved(string command)
    {
        var result = command == "sim" ? CommandLineResult.Of("--help") : CommandLineResult.Of(command, "--help");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return Verifier.Verify(Scrubbed(result.Output), command);
    }

    [Fact]
    public Task The_list_of_scenarios_is_as_approved() => Verifier.Verify(CommandLineResult.Of("list").Output);

    [Fact]
    public Task A_run_that_holds_prints_its_summary()
    {
        var result = CommandLineResult.Of([new ToyScenario()], "run", "--seeds", "20");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return Verifier.Verify(Scrubbed(result.Output));
    }

    [Fact]
    public Task A_run_with_failures_prints_the_property_the_state_the_last_events_and_the_command_that_replays_it()
    {
        var result = CommandLineResult.Of([new ToyScenario(breaks: seed => seed == 7)], "run", "--seeds", "20");
        Assert.Equal((1, ""), (result.ExitCode, result.Error));
        return Verifier.Verify(Scrubbed(result.Output));
    }

    [Fact]
    public Task A_trace_with_its_traffic_is_as_approved()
    {
        var result = CommandLineResult.Of([new ToyScenario()], "replay", "toy", "1", "--traffic", "--lines", "60");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return Verifier.Verify(result.Output);
    }

    /// <summary>The whole verdict on a seed, its hash included, is the same on every machine; a change of behaviour shows here.</summary>
    [Fact]
    public Task A_replay_of_the_replication_scenario_is_as_approved()
    {
        var result = CommandLineResult.Of("replay", "replication", "1");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return Verifier.Verify(result.Output);
    }

    [Fact]
    public Task The_JSON_report_of_a_run_is_as_approved()
    {
        using var folder = new TempDirectory();
        var result = CommandLineResult.Of([new ToyScenario(breaks: seed => seed == 2)], "run", "--seeds", "2", "--json", folder.File("report.json"));
        Assert.Equal(1, result.ExitCode);
        return Verifier.Verify(ReadReport(folder.File("report.json")));
    }

    [Fact]
    public Task The_JSON_report_of_a_replay_is_as_approved()
    {
        using var folder = new TempDirectory();
        var scenario = new ToyScenario(breaks: _ => true);
        var result = CommandLineResult.Of([scenario], "replay", "toy", "2", "--json", folder.File("report.json"));
        Assert.Equal(1, result.ExitCode);
        return Verifier.Verify(ReadReport(folder.File("report.json")));
    }

    [Fact]
    public void Several_scenarios_give_the_sums_and_a_list_of_runs()
    {
        using var folder = new TempDirectory();
        var result = CommandLineResult.Of([new ToyScenario()], "run", "toy", "toy", "--seeds", "2", "--json", folder.File("report.json"));
        Assert.Equal(0, result.ExitCode);
        var report = JsonNode.Parse(File.ReadAllText(folder.File("report.json")))!;
        Assert.Equal(4, report["seeds"]!.GetValue<int>());
        Assert.Equal(2, report["runs"]!.AsArray().Count);
        Assert.Equal(report["events"]!.GetValue<long>(), report["runs"]!.AsArray().Sum(r => r!["events"]!.GetValue<long>()));
    }

    [Fact]
    public void Failing_seeds_leave_a_report_and_a_replay_file_each_in_the_folder_asked_for()
    {
        using var folder = new TempDirectory();
        CommandLineResult.Of([new ToyScenario(breaks: seed => seed % 2 == 0)], "run", "--seeds", "5", "--out", folder.File("failures"));
        var files = Directory.GetFiles(folder.File("failures"), "toy-*").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);
        Assert.Equal(["toy-2.replay.json", "toy-2.txt", "toy-4.replay.json", "toy-4.txt"], files);
        Assert.Contains("echo-is-right", File.ReadAllText(Path.Combine(folder.File("failures"), "toy-4.txt")), StringComparison.Ordinal);
    }

    /// <summary>A report without its wall time, once it holds what scripts rely on.</summary>
    private static JsonObject ReadReport(string file)
    {
        var report = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        Assert.All(
            new[] { "scenario", "seeds", "passed", "failed", "events", "simulatedSeconds", "wallSeconds", "hash", "failures" },
            key => Assert.True(report.ContainsKey(key), key));
        Assert.Equal(["seed", "property", "message", "replay", "hash"], report["failures"]![0]!.AsObject().Select(p => p.Key));
        Assert.True(report["wallSeconds"]!.GetValue<double>() > 0);
        report["wallSeconds"] = "(scrubbed)";
        if (report.ContainsKey("commit")) report["commit"] = "(scrubbed)";
        return report;
    }

    private static string Scrubbed(string output) =>
        Jobs().Replace(EventRate().Replace(WallTime().Replace(output, "in (wall time) s of wall time: (ratio) times"), "((rate) per second)"), "$1[default: (processors)]");

    [GeneratedRegex(@"in [\d.]+ s of wall time: \d+ times")]
    private static partial Regex WallTime();

    [GeneratedRegex(@"\(\d+ per second\)")]
    private static partial Regex EventRate();

    [GeneratedRegex(@"(--jobs .*)\[default: \d+\]")]
    private static partial Regex Jobs();
}
