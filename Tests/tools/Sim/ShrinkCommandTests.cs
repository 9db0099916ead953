using System;
using System.IO;
using System.Linq;
using Tests.Support;
using Xunit;

namespace Tests.tools.Sim;

/// <summary>sim shrink and the stepping of sim replay, as people meet them.</summary>
public class ShrinkCommandTests
{
    private static readonly ToyScenario s_toy = new(breaks: seed => seed == 3);

    [Fact]
    public void A_failing_seed_is_shrunk_to_a_file_that_replays_to_its_hash_and_is_not_overwritten()
    {
        using var folder = new TempDirectory();
        var path = folder.File("small.replay.json");
        var shrunk = CommandLineResult.Of([s_toy], "shrink", "toy", "3", "--out", path, "--jobs", "1");
        Assert.Equal((0, string.Empty), (shrunk.ExitCode, shrunk.Error));
        var hash = shrunk.Output.Split('\n').Single(l => l.StartsWith("hash ", StringComparison.Ordinal));
        var replayed = CommandLineResult.Of([s_toy], "replay", path, "--lines", "0");
        Assert.Equal(1, replayed.ExitCode);
        Assert.Contains(hash, replayed.Output, StringComparison.Ordinal);
        var text = File.ReadAllText(path);
        Refuses($"The file {Path.GetRelativePath(Directory.GetCurrentDirectory(), path)} exists already", "shrink", "toy", "3", "--out", path);
        Assert.Equal(text, File.ReadAllText(path));
        Assert.Equal(0, CommandLineResult.Of([s_toy], "shrink", "toy", "3", "--out", path, "--force").ExitCode);
    }

    [Fact]
    public void What_cannot_be_is_one_sentence_and_exit_code_2()
    {
        Refuses("The run has not failed", "shrink", "toy", "2", "--out", Path.Combine(Path.GetTempPath(), "never-written.replay.json"));
        Refuses("There is no replay file x.replay.json", "shrink", "x.replay.json");
        Refuses("'toy' is no replay file", "replay", "toy");
        Refuses("'noon' is no moment of a run", "replay", "toy", "3", "--until", "noon");
        Refuses("There is no property 'beauty'", "replay", "toy", "3", "--break", "beauty");
        Refuses("--minutes -1 is not possible", "shrink", "toy", "3", "--minutes", "-1", "--out", Path.Combine(Path.GetTempPath(), "never-written.replay.json"));
    }

    [Fact]
    public void A_file_of_another_commit_runs_with_a_warning()
    {
        using var folder = new TempDirectory();
        var path = folder.File("small.replay.json");
        CommandLineResult.Of([s_toy], "shrink", "toy", "3", "--out", path);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"commit\": \"", "\"commit\": \"0", StringComparison.Ordinal));
        var replayed = CommandLineResult.Of([s_toy], "replay", path);
        Assert.Equal(1, replayed.ExitCode);
        Assert.Contains("the run may differ", replayed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_at_a_moment_is_printed()
    {
        var result = CommandLineResult.Of([s_toy], "replay", "toy", "3", "--until", "#20", "--dump");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("stopped     toy seed 3", result.Output, StringComparison.Ordinal);
        Assert.Contains("after event 20", result.Output, StringComparison.Ordinal);
        Assert.Contains("  count    up     1", result.Output, StringComparison.Ordinal);
    }

    private static void Refuses(string complaint, params string[] args)
    {
        var result = CommandLineResult.Of([s_toy], args);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(complaint, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }
}
