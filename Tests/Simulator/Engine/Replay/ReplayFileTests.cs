using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Replay;
using Tests.Support;
using Tests.tools.Sim;
using Xunit;

namespace Tests.Simulator.Engine.Replay;

/// <summary>A run can be written down, read again, edited and run, and what cannot be read is said in one sentence.</summary>
public class ReplayFileTests
{
    private static readonly ToyScenario s_toy = new(breaks: _ => true);
    private static readonly ToyScenario s_sound = new();

    [Fact]
    public void A_recorded_run_replays_to_the_hash_of_its_seed_after_a_journey_through_its_text()
    {
        var grown = SeedRunner.Run(s_toy, 7);
        using var folder = new TempDirectory();
        var path = Path.Combine(folder.Path, "toy.replay.json");
        Recorder.Record(s_toy, 7, "abc").Save(path);
        var file = ReplayFile.Load(path);
        var again = file.Run(s_toy);
        Assert.Equal((grown.Hash, grown.Events, grown.Failure?.Message), (again.Hash, again.Events, again.Failure?.Message));
        Assert.Equal(grown.Hash, file.Hash);
        Assert.Equal(File.ReadAllText(path), file.ToJson());
    }

    [Fact]
    public void A_replay_does_not_draw_from_the_seed()
    {
        var file = Recorder.Record(s_toy, 7, "abc");
        Assert.Equal(file.Hash, (file with { Seed = 1234 }).Run(s_toy).Hash);
        Assert.Equal(file.Hash, (file with { Seed = null }).Run(s_toy).Hash);
    }

    [Fact]
    public void One_edited_decision_makes_another_run()
    {
        var file = Recorder.Record(s_sound, 7, "abc");
        Assert.NotEmpty(file.Script.Faults);
        var edited = file with { Script = file.Script with { Faults = file.Script.Faults.Skip(1).ToList() } };
        Assert.NotEqual(file.Hash, edited.Run(s_sound).Hash);
    }

    [Fact]
    public void A_run_goes_no_further_than_its_end()
    {
        var file = Recorder.Record(s_sound, 7, "abc");
        var end = TimeSpan.FromMilliseconds(40);
        var cut = SeedRunner.Replay(s_sound, file.Script with { End = end });
        Assert.True(cut.Passed);
        Assert.Equal(end.TotalSeconds, cut.SimulatedSeconds);
    }

    [Fact]
    public void All_that_a_file_can_say_survives_the_journey_through_its_text()
    {
        var file = new ReplayFile
        {
            Commit = "abc",
            Scenario = "toy",
            Seed = ulong.MaxValue,
            Mutant = 3,
            Failure = new ReplayVerdict("p", "a \"message\"\nof two lines", 1_234_567, 89),
            Hash = 0xfedcba9876543210,
            Script = new RunScript
            {
                Configuration = new Dictionary<string, string> { ["a"] = "1", ["b"] = "yes" },
                Phases = new Phases(TimeSpan.FromSeconds(1), TimeSpan.FromMicroseconds(1), TimeSpan.FromMinutes(1), TimeSpan.Zero),
                End = TimeSpan.FromSeconds(2.5),
                Faults = [new PlannedFault(TimeSpan.FromMicroseconds(1_000_001), FaultPlan.Of("freeze", TimeSpan.FromSeconds(3), ("machine", "a")))],
                Operations = [PlannedOperation.Of(TimeSpan.FromSeconds(2), "client", "send", ("count", "3"))],
                Streams = new Dictionary<string, StreamStart> { ["*"] = StreamStart.Quiet, ["a/clock"] = new(17) },
            },
        };
        using var folder = new TempDirectory();
        var path = Path.Combine(folder.Path, "all.json");
        file.Save(path);
        var read = ReplayFile.Load(path);
        Assert.Equal(file.ToJson(), read.ToJson());
        Assert.Equal((file.Seed, file.Mutant, file.Failure, file.Hash, file.Script.End), (read.Seed, read.Mutant, read.Failure, read.Hash, read.Script.End));
        Assert.Equal(file.Script.Streams, read.Script.Streams);
    }

    [Theory]
    [InlineData("\"schema\": 1", "\"schema\": 2", "is of schema 2, and only schema 1 can be read here")]
    [InlineData("\"schema\": 1", "\"schema\": \"1\"", "'schema' must be a whole number")]
    [InlineData("\"commit\": \"abc\",", "", "lacks the field 'commit'")]
    [InlineData("\"kind\"", "\"sort\"", "has a field 'faults[0].sort' that nothing knows")]
    [InlineData("\"for\": 0", "\"for\": -1", "'faults[0].for' must be a number of seconds")]
    [InlineData("\"for\": 0", "\"for\": 40000000", "'faults[0].for' must be a number of seconds, from 0 to 366 days")]
    [InlineData("\"faults\": [", "\"faults\": [[", "is no JSON: it breaks off or goes wrong at line ")]
    [InlineData("\"streams\": {", "\"streams\": {\"x\": \"loud\",", "'streams.x' must be a number of up to 16 hexadecimal digits")]
    public void What_cannot_be_read_is_said_in_a_sentence_that_names_the_file_and_the_place(string was, string becomes, string complaint)
    {
        using var folder = new TempDirectory();
        var path = Path.Combine(folder.Path, "toy.replay.json");
        var text = Recorder.Record(s_sound, 7, "abc").ToJson();
        Assert.Contains(was, text, StringComparison.Ordinal);
        var index = text.IndexOf(was, StringComparison.Ordinal);
        File.WriteAllText(path, text[..index] + becomes + text[(index + was.Length)..]);
        var error = Assert.Throws<ReplayException>(() => ReplayFile.Load(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_the_scenario_is_said_in_a_sentence()
    {
        var file = Recorder.Record(s_sound, 7, "abc");
        var (script, fault) = (file.Script, file.Script.Faults[0]);
        Misfit(script with { Faults = [fault with { Plan = fault.Plan with { Kind = "meteor" } }] }, "'meteor'");
        Misfit(script with { Faults = [new PlannedFault(fault.At, FaultPlan.Of(fault.Plan.Kind, TimeSpan.Zero, ("a", "nowhere"), ("b", "echo")))] }, "'nowhere' names no machine");
        Misfit(script with { Operations = [PlannedOperation.Of(TimeSpan.Zero, "x", "y")] }, "plans no operations");
        Misfit(script with { Configuration = new Dictionary<string, string> { ["until"] = "16" } }, "cannot be edited");

        static void Misfit(RunScript script, string complaint) =>
            Assert.Contains(complaint, Assert.Throws<ReplayException>(() => SeedRunner.Replay(s_sound, script)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_not_overwritten_unless_one_says_so()
    {
        using var folder = new TempDirectory();
        var path = Path.Combine(folder.Path, "toy.replay.json");
        var file = Recorder.Record(s_toy, 7, "abc");
        File.WriteAllText(path, "precious");
        Assert.Contains("exists already", Assert.Throws<ReplayException>(() => file.Save(path)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(path));
        file.Save(path, overwrite: true);
        Assert.Equal(file.ToJson(), File.ReadAllText(path));
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("nowhere.json", Assert.Throws<ReplayException>(() => ReplayFile.Load("nowhere.json")).Message, StringComparison.Ordinal);
}
