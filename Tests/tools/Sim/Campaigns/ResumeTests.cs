using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Tests.Support;
using Xunit;

namespace Tests.tools.Sim.Campaigns;

/// <summary>A campaign that was killed goes on where it stopped, and ends as if nothing had happened.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly ConcurrentBag<ulong> _run = [];

    private string Results => _folder.File("campaign/results.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_had_ended_is_not_run_again_and_the_report_is_that_of_an_undisturbed_campaign()
    {
        Assert.Equal(1, Run("--json", _folder.File("whole.json")).ExitCode);
        var lines = File.ReadAllText(Results).Split('\n');
        Assert.Equal(21, lines.Length);
        File.WriteAllText(Results, string.Join('\n', lines.Take(8)) + "\n" + lines[8][..40]); // killed in the middle of a line
        _run.Clear();

        var resumed = Run("--resume", "--json", _folder.File("resumed.json"));
        Assert.Equal((1, ""), (resumed.ExitCode, resumed.Error));
        Assert.StartsWith("resumed     8 seeds had ended before\n", resumed.Output, StringComparison.Ordinal);
        Assert.Equal(12, _run.Distinct().Count(s => s != 3)); // 3 is shown in full once more
        Assert.Equal(Report("whole.json"), Report("resumed.json"));
        Assert.Equal(20, File.ReadLines(Results).Count());
    }

    [Fact]
    public void Resuming_what_is_over_runs_nothing_and_gives_the_same_report()
    {
        Run("--json", _folder.File("whole.json"));
        _run.Clear();
        Run("--resume", "--json", _folder.File("again.json"));
        Assert.Equal([3], _run.Distinct());
        Assert.Equal(Report("whole.json"), Report("again.json"));
    }

    [Fact]
    public void A_folder_with_results_is_not_begun_anew()
    {
        Run();
        Refused("holds results already: go on with --resume, or name another folder.");
    }

    [Theory]
    [InlineData("\"commit\":\"", "holds results of commit x")]
    [InlineData("\"binaries\":\"", "holds results of another build of commit")]
    [InlineData("\"scenarios\":[\"", "holds results of scenario xtoy, not toy")]
    public void Results_of_other_code_are_refused(string key, string sentence)
    {
        Run();
        var header = _folder.File("campaign/campaign.json");
        File.WriteAllText(header, File.ReadAllText(header).Replace(key, key + "x", StringComparison.Ordinal));
        Refused(sentence, "--resume");
    }

    [Theory]
    [InlineData("holds results of seeds 1..20, not 1..21", "--seeds", "21")]
    [InlineData("holds results of shard 1/1, not 1/2", "--shard", "1/2")]
    [InlineData("holds results of runs without --check, not with it", "--check")]
    public void Results_of_other_options_are_refused(string sentence, params string[] options)
    {
        Run();
        Refused(sentence, ["--resume", .. options]);
    }

    [Fact]
    public void A_damaged_line_is_named()
    {
        Run();
        var lines = File.ReadAllLines(Results);
        lines[4] = lines[4][..50];
        File.WriteAllLines(Results, lines);
        Refused("Line 5 of", "--resume");
    }

    [Fact]
    public void A_full_disk_ends_the_campaign_with_a_sentence_and_it_goes_on_when_there_is_room_again()
    {
        Directory.CreateDirectory(_folder.File("campaign"));
        File.CreateSymbolicLink(Results, "/dev/full"); // takes nothing, as a full disk does
        var full = Run();
        Assert.Equal((2, ""), (full.ExitCode, full.Output));
        Assert.Matches(@"^sim: The folder \S+campaign takes no more results \(No space left on device[^)]*\): see to that, then go on with --resume\.\n$", full.Error);

        File.Delete(Results);
        Assert.Equal(1, Run("--resume").ExitCode);
        Assert.Equal(20, File.ReadLines(Results).Count());
    }

    [Fact]
    public void Another_schema_is_refused()
    {
        Run();
        var header = _folder.File("campaign/campaign.json");
        File.WriteAllText(header, File.ReadAllText(header).Replace("\"schema\":1", "\"schema\":9", StringComparison.Ordinal));
        Refused("holds results of schema 9, this build reads 1: use the build that wrote them.", "--resume");
    }

    private CommandLineResult Run(params string[] options)
    {
        var scenario = new ToyScenario(breaks: seed =>
        {
            _run.Add(seed);
            return seed == 3;
        });
        return CommandLineResult.Of([scenario], ["run", "--seeds", "20", "--out", _folder.File("campaign"), .. options]);
    }

    private void Refused(string sentence, params string[] options)
    {
        var before = Directory.GetFiles(_folder.File("campaign")).Order(StringComparer.Ordinal).Select(f => f + File.ReadAllText(f)).ToList();
        _run.Clear();
        var result = CommandLineResult.Of([new ToyScenario(breaks: seed =>
        {
            _run.Add(seed);
            return false;
        })], ["run", .. options.Contains("--seeds") ? Array.Empty<string>() : ["--seeds", "20"], "--out", _folder.File("campaign"), "--json", _folder.File("refused.json"), .. options]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Error.Count(c => c == '\n'));
        Assert.Empty(_run);
        Assert.False(File.Exists(_folder.File("refused.json")));
        Assert.Equal(before, Directory.GetFiles(_folder.File("campaign")).Order(StringComparer.Ordinal).Select(f => f + File.ReadAllText(f)));
    }

    private string Report(string name)
    {
        var report = JsonNode.Parse(File.ReadAllText(_folder.File(name)))!.AsObject();
        Assert.True(report.Remove("wallSeconds"));
        return report.ToJsonString();
    }
}
