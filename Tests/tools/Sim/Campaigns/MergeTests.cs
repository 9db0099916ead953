using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Tests.Support;
using Xunit;

namespace Tests.tools.Sim.Campaigns;

/// <summary>The shards of a campaign, merged, are the campaign; what does not belong together is refused and writes nothing.</summary>
public sealed class MergeTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Merged_shards_give_the_report_of_the_whole()
    {
        Assert.Equal(1, Run("--seeds", "20", "--json", _folder.File("whole.json")).ExitCode);
        RunShards(1, 2, 3);
        var merged = Merge(Shard(3), Shard(1), Shard(2));
        Assert.Equal((1, ""), (merged.ExitCode, merged.Error));
        Assert.Equal(Report("whole.json").ToJsonString(), Report("merged.json").ToJsonString());
        Assert.Contains("failed      6 seeds, the smallest is 3: echo-is-right: # was sent and # came back", merged.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_shards_stands_for_them()
    {
        RunShards(1, 2, 3);
        Assert.Equal(1, Merge(_folder.File("shards")).ExitCode);
        Assert.Equal(20, Report("merged.json")["seeds"]!.GetValue<int>());
    }

    [Fact]
    public void Missing_shards_are_named()
    {
        RunShards(2);
        Refused(2, "Shards 1/3, 3/3 are missing: run them, or name their folders too.");
    }

    [Fact]
    public void A_shard_that_has_not_ended_is_named()
    {
        RunShards(1, 2, 3);
        var results = Path.Combine(Shard(2), "results.jsonl");
        File.WriteAllLines(results, File.ReadAllLines(results).Take(4));
        Refused(2, $"Shard 2/3 in {Shard(2)} has not ended, 3 of 7 seeds of toy are left: go on with it by --resume.");
    }

    [Fact]
    public void Results_of_different_commits_are_refused()
    {
        RunShards(1, 2, 3);
        var header = Path.Combine(Shard(2), "campaign.json");
        File.WriteAllText(header, File.ReadAllText(header).Replace("\"commit\":\"", "\"commit\":\"0", StringComparison.Ordinal));
        Refused(2, $"The folder {Shard(2)} holds results of commit 0");
    }

    [Theory]
    [InlineData("0123", true, true)] // two builds of one clean commit, in two places
    [InlineData("0123", false, false)]
    [InlineData("unknown", false, false)]
    public void Results_of_different_builds_are_refused_where_their_commit_does_not_tell_them_apart(string commit, bool isOfCommit, bool fit)
    {
        RunShards(1, 2, 3);
        foreach (var index in new[] { 1, 2, 3 })
        {
            EditHeader(index, "commit", commit);
            EditHeader(index, "isOfCommit", isOfCommit);
        }

        Assert.Equal(1, Merge(_folder.File("shards")).ExitCode);
        EditHeader(2, "binaries", "of another tree");
        if (fit) Assert.Equal(1, Merge(_folder.File("shards")).ExitCode);
        else Refused(2, $"The folders {Shard(1)} and {Shard(2)} hold results of two builds that commit {commit} does not tell apart: run all shards with one build.");
    }

    [Fact]
    public void Shards_of_different_divisions_are_refused()
    {
        RunShards(1, 2, 3);
        Run("--seeds", "20", "--shard", "1/2", "--out", _folder.File("shards/4"));
        Refused(2, "Shards 1/3 and 1/2 are parts of different divisions: merge the shards of one.");
    }

    [Fact]
    public void The_same_seed_twice_with_one_result_is_no_trouble()
    {
        RunShards(1, 2, 3);
        Assert.Equal(1, Merge(Shard(1), Shard(2), Shard(3), Shard(2)).ExitCode);
        Assert.Equal(20, Report("merged.json")["seeds"]!.GetValue<int>());
    }

    [Fact]
    public void The_same_seed_with_two_results_is_nondeterminism()
    {
        RunShards(1, 2, 3);
        Directory.CreateDirectory(_folder.File("shards/4"));
        foreach (var file in Directory.GetFiles(Shard(2))) File.Copy(file, Path.Combine(_folder.File("shards/4"), Path.GetFileName(file)));
        var results = _folder.File("shards/4/results.jsonl");
        File.WriteAllText(results, File.ReadAllText(results).Replace("\"events\":", "\"events\":1", StringComparison.Ordinal));
        Refused(3, "of toy ended in hash");
    }

    [Fact]
    public void A_folder_without_a_campaign_is_refused()
    {
        Directory.CreateDirectory(_folder.File("shards"));
        Refused(2, $"The folder {_folder.File("shards")} holds no campaign: there is no campaign.json in it.");
    }

    private void RunShards(params int[] indexes)
    {
        foreach (var index in indexes) Run("--seeds", "20", "--shard", $"{index}/3", "--out", Shard(index));
    }

    private void EditHeader(int index, string name, JsonNode value)
    {
        var path = Path.Combine(Shard(index), "campaign.json");
        var header = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        Assert.True(header.ContainsKey(name));
        header[name] = value;
        File.WriteAllText(path, header.ToJsonString());
    }

    private string Shard(int index) => _folder.File($"shards/{index}");

    private static CommandLineResult Run(params string[] options) => CommandLineResult.Of([new ToyScenario(breaks: seed => seed % 3 == 0)], ["run", .. options]);

    private CommandLineResult Merge(params string[] folders) => CommandLineResult.Of(["merge", .. folders, "--out", _folder.File("merged.json")]);

    private void Refused(int exitCode, string sentence)
    {
        File.WriteAllText(_folder.File("merged.json"), "kept");
        var result = Merge(_folder.File("shards"));
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Output));
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Error.Count(c => c == '\n'));
        Assert.Equal("kept", File.ReadAllText(_folder.File("merged.json")));
    }

    private JsonObject Report(string name)
    {
        var report = JsonNode.Parse(File.ReadAllText(_folder.File(name)))!.AsObject();
        Assert.True(report.Remove("wallSeconds"));
        return report;
    }
}
