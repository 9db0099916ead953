using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Replay;
using Tests.Support;
using tools.Sim.Campaigns;
using tools.Sim.Reports;
using Xunit;

namespace Tests.tools.Sim.Campaigns;

/// <summary>A corpus and a folder of results survive kills, neighbours that write too, and files that do not fit.</summary>
public sealed class CorpusFolderTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_somebody_has_not_finished_is_no_entry()
    {
        Keep(5);
        File.WriteAllText(_folder.File("corpus/toy-6.replay.json" + WholeFile.Unfinished), "{ \"schema\": 1, \"com");
        var result = Run("--corpus", _folder.File("corpus"));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("corpus      1: 1 hold now, 0 still fail\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_is_one_shard_s_whatever_else_each_shard_finds_in_the_folder()
    {
        var names = Enumerable.Range(1, 60).Select(i => $"toy-{i}.replay.json").ToList();
        foreach (var name in names) Assert.Single(Enumerable.Range(1, 3), i => new Shard(i, 3).Has(name));
        Assert.All(Enumerable.Range(1, 3), i => Assert.InRange(names.Count(new Shard(i, 3).Has), 10, 30));
        Assert.Equal([2, 3, 3], new[] { "toy-1.replay.json", "toy-2.replay.json", "toy-3.replay.json" }.Select(n => Enumerable.Range(1, 3).Single(i => new Shard(i, 3).Has(n)))); // the same in every process
    }

    [Fact]
    public void Each_entry_is_run_once_though_the_folder_grows_between_the_starts_of_two_shards()
    {
        for (ulong seed = 11; seed <= 16; seed++) Keep(seed);
        var first = CorpusRuns("1/2");
        Keep(10); // stands before all others, and is the first shard's
        Assert.Equal([11UL, 12UL, 13UL, 14UL, 15UL, 16UL], first.Concat(CorpusRuns("2/2")).Order());
    }

    [Fact]
    public void A_misfit_that_shows_when_its_fault_is_due_leaves_no_folder_and_the_mended_command_works()
    {
        Keep(5, "nobody");
        string[] command = ["--corpus", _folder.File("corpus"), "--out", _folder.File("out")];
        Assert.Equal(2, Run(command).ExitCode);
        Assert.False(Directory.Exists(_folder.File("out")));
        var again = Run(command);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("toy-5.replay.json does not fit: ", again.Error, StringComparison.Ordinal);
        File.Delete(_folder.File("corpus/toy-5.replay.json"));
        Assert.Equal((0, ""), (Run(command).ExitCode, Run([.. command, "--resume"]).Error));
        Assert.Equal(3, File.ReadLines(_folder.File("out/results.jsonl")).Count());
    }

    [Fact]
    public void A_misfit_leaves_a_folder_that_stood_there_as_it_was()
    {
        Keep(5, "nobody");
        Directory.CreateDirectory(_folder.File("out"));
        File.WriteAllText(_folder.File("out/notes"), "mine");
        Assert.Equal(2, Run("--corpus", _folder.File("corpus"), "--out", _folder.File("out")).ExitCode);
        Assert.Equal(["notes"], Directory.GetFiles(_folder.File("out")).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public void A_report_that_breaks_off_leaves_no_file_that_would_be_taken_for_whole()
    {
        var failure = new SeedResult
        {
            Scenario = "toy",
            Seed = 5,
            Failure = new SimFailure("determinism", "two runs differ", null),
            Hash = 1,
            Events = 1,
            SimulatedSeconds = 1,
            Faults = new Dictionary<string, long>(),
            Metrics = new Dictionary<string, long>(),
            Configuration = new Dictionary<string, string>(),
            Trace = new BreaksOff(),
        };
        Assert.Throws<IOException>(() => FailureFile.Write(new DirectoryInfo(_folder.Path), "toy-5.txt", new ToyScenario(), failure));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private List<ulong> CorpusRuns(string shard)
    {
        var run = new ConcurrentBag<ulong>();
        var scenario = new ToyScenario(breaks: seed =>
        {
            run.Add(seed);
            return false;
        });
        Assert.Equal(0, CommandLineResult.Of([scenario], "run", "--seeds", "3", "--corpus", _folder.File("corpus"), "--shard", shard).ExitCode);
        return run.Where(seed => seed > 3).ToList();
    }

    private void Keep(ulong seed, string machine = "count")
    {
        Directory.CreateDirectory(_folder.File("corpus"));
        var sound = Recorder.Record(new ToyScenario(), seed, "abc");
        var fault = new PlannedFault(sound.Script.Phases.WarmUp, FaultPlan.Of("connection-reset", TimeSpan.Zero, ("a", machine), ("b", "echo")));
        (sound with { Script = sound.Script with { Faults = [fault] } }).Save(_folder.File($"corpus/toy-{seed}.replay.json"));
    }

    private static CommandLineResult Run(params string[] options) => CommandLineResult.Of([new ToyScenario()], ["run", "--seeds", "3", .. options]);

    /// <summary>A trace of which only the beginning can be had, as when the disk is full.</summary>
    private sealed class BreaksOff : IReadOnlyCollection<TraceLine>
    {
        public int Count => 1;

        public IEnumerator<TraceLine> GetEnumerator() => throw new IOException("no space left");

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
