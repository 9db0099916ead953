using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Replay;
using Tests.Support;
using Xunit;

namespace Tests.tools.Sim.Campaigns;

/// <summary>What a campaign leaves for CI and for the next campaign: groups, JUnit, the corpus.</summary>
public sealed class CampaignOutputTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("orders-0 offset 17 was read as 'a-4' and later as 'b-9'. orders-0 ISR [1,2]", "p: orders-# offset # was read as '…' and later as '…'")]
    [InlineData("orders-12 offset 3 was read as 'x' and later as 'it'. other state", "p: orders-# offset # was read as '…' and later as '…'")]
    [InlineData("ISR [1,2,3] fell to [2]", "p: ISR [#] fell to [#]")]
    [InlineData("session 0x1f00 of 10000000000003a ended after 1.5 s.", "p: session # of # ended after # s")]
    [InlineData("broker-1: System.Exception: no\n   at X() in file.cs:line 7", "p: broker-#: System.Exception: no")]
    [InlineData("", "p")]
    public void A_signature_is_what_failures_of_one_cause_have_in_common(string message, string signature) =>
        Assert.Equal(signature, FailureSignature.Of(new SimFailure("p", message, null)));

    [Fact]
    public void JUnit_has_a_case_for_what_holds_and_one_per_signature_with_the_command_that_replays_it()
    {
        var result = Run(seed => seed % 5 == 0, "--junit", _folder.File("junit.xml"), "--fail-cold");
        Assert.Equal(1, result.ExitCode);
        var suite = XDocument.Load(_folder.File("junit.xml")).Root!.Element("testsuite")!;
        Assert.Equal(("sim.toy", "3", "1"), ((string?)suite.Attribute("name"), (string?)suite.Attribute("tests"), (string?)suite.Attribute("failures")));
        var names = suite.Elements("testcase").Select(c => (string?)c.Attribute("name"));
        Assert.Equal(["seeds 1..20: the properties hold", "echo-is-right: # was sent and # came back", "every fault and effect, buggify point and rare situation is hit"], names);
        var failure = suite.Descendants("failure").Single();
        Assert.Equal("4 seeds fail, the smallest is 5: 5 was sent and 6 came back", (string?)failure.Attribute("message"));
        Assert.StartsWith("dotnet run --project tools/Sim -c Release -- replay toy 5\nseeds 5, 10, 15, 20", failure.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failing_run_is_kept_once_per_signature_and_run_first_the_next_time()
    {
        Assert.Equal(1, Run(seed => seed % 5 == 0, "--corpus", _folder.File("corpus")).ExitCode);
        Assert.Equal(["toy-5.replay.json"], Directory.GetFiles(_folder.File("corpus")).Select(f => Path.GetFileName(f)));

        var still = Run(seed => seed == 5, "--corpus", _folder.File("corpus"), "--seeds", "30..40");
        Assert.Equal(1, still.ExitCode);
        Assert.StartsWith($"corpus      1: 0 hold now, 1 still fail\nstill fails 1 of the corpus, the first is {_folder.File("corpus/toy-5.replay.json")}: echo-is-right", still.Output, StringComparison.Ordinal);

        var mended = Run(_ => false, "--corpus", _folder.File("corpus"), "--seeds", "30..40");
        Assert.Equal(0, mended.ExitCode);
        Assert.StartsWith("corpus      1: 1 hold now, 0 still fail\n", mended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "{FILE} is no JSON: ")]
    [InlineData("{}", "{FILE} lacks the field 'schema'.")]
    [InlineData("SCENARIO:boy", "{FILE}: There is no scenario 'boy'; the scenarios are: toy.")]
    [InlineData("MUTANT:7", "{FILE} runs against the planted bug 7, but a campaign runs the clean build.")]
    public void A_broken_file_of_the_corpus_is_named_and_nothing_is_run(string text, string why)
    {
        var toy = new ToyScenario();
        Directory.CreateDirectory(_folder.File("corpus"));
        var path = _folder.File("corpus/toy-5.replay.json");
        var sound = Recorder.Record(toy, 5, "abc");
        File.WriteAllText(path, text.Split(':') switch
        {
            ["SCENARIO", var name] => (sound with { Scenario = name }).ToJson(),
            ["MUTANT", var id] => (sound with { Mutant = int.Parse(id, CultureInfo.InvariantCulture) }).ToJson(),
            _ => text,
        });
        var result = Run(_ => throw new InvalidOperationException("ran"), "--corpus", _folder.File("corpus"), "--out", _folder.File("out"));
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"sim: The corpus has a file that cannot be run; mend it or take it away. {why.Replace("{FILE}", path, StringComparison.Ordinal)}", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Fact]
    public void A_file_of_the_corpus_that_does_not_fit_when_its_fault_is_due_is_named()
    {
        var toy = new ToyScenario();
        Directory.CreateDirectory(_folder.File("corpus"));
        var sound = Recorder.Record(toy, 5, "abc");
        var misfit = new PlannedFault(sound.Script.Phases.WarmUp, FaultPlan.Of("connection-reset", TimeSpan.Zero, ("a", "nobody"), ("b", "echo")));
        (sound with { Script = sound.Script with { Faults = [misfit] } }).Save(_folder.File("corpus/toy-5.replay.json"));
        var result = Run(_ => false, "--corpus", _folder.File("corpus"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(_folder.File("corpus/toy-5.replay.json") + " does not fit: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("nobody", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cold_situation_fails_the_campaign_where_that_is_asked_for_and_is_named()
    {
        var result = CommandLineResult.Of([new ToyScenario(situation: "never seen")], "run", "--seeds", "3", "--fail-cold");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("sometimes   counted to fifteen 3, never seen 0\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("FAILED      toy: never hit over 3 seeds: sometimes never seen\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, CommandLineResult.Of([new ToyScenario(situation: "never seen")], "run", "--seeds", "3").ExitCode);
    }

    [Fact]
    public void An_effect_that_no_fault_had_is_cold()
    {
        ToyScenario[] toy = [new(fault: new ReadErrors())]; // nobody reads
        var result = CommandLineResult.Of(toy, "run", "--seeds", "5", "--fail-cold", "--json", _folder.File("report.json"), "--junit", _folder.File("junit.xml"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("\neffects     read-error 0\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("FAILED      toy: never hit over 5 seeds: effect read-error\n", result.Output, StringComparison.Ordinal);
        Assert.Equal("cold: effect read-error", (string?)XDocument.Load(_folder.File("junit.xml")).Descendants("failure").Single().Attribute("message"));
        var report = JsonNode.Parse(File.ReadAllText(_folder.File("report.json")))!;
        Assert.Equal(("{\"read-error\":0}", "[\"effect read-error\"]"), (report["effects"]!.ToJsonString(), report["cold"]!.ToJsonString()));
    }

    [Fact]
    public void An_ambush_whose_moment_never_comes_is_cold_with_its_effect()
    {
        var ambush = new Ambush("never", new CrashAtEvent(), 1, new(TimeSpan.Zero, TimeSpan.Zero));
        var result = CommandLineResult.Of([new ToyScenario(ambush: ambush)], "run", "--seeds", "5", "--fail-cold");
        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith("FAILED      toy: never hit over 5 seeds: fault crash-at-event, effect crash-at-event\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Vetoes_are_shown_after_a_merge_too_and_a_campaign_without_them_is_not_cold()
    {
        ToyScenario[] toy = [new(fault: new MisdirectedWrites(), isPrecious: true)];
        var run = CommandLineResult.Of(toy, "run", "--seeds", "5", "--out", _folder.File("out"), "--json", _folder.File("whole.json"));
        var merge = CommandLineResult.Of(toy, "merge", _folder.File("out"), "--out", _folder.File("merged.json"), "--fail-cold");
        var vetoes = JsonNode.Parse(File.ReadAllText(_folder.File("whole.json")))!["vetoes"]!.ToJsonString();
        Assert.Matches("^{\"disk-misdirected-write\":[1-9][0-9]*}$", vetoes);
        Assert.Equal(vetoes, JsonNode.Parse(File.ReadAllText(_folder.File("merged.json")))!["vetoes"]!.ToJsonString());
        Assert.All([run.Output, merge.Output], output => Assert.Contains("\nvetoes      disk-misdirected-write ", output, StringComparison.Ordinal));
        Assert.EndsWith("FAILED      toy: never hit over 5 seeds: effect misdirected-write\n", merge.Output, StringComparison.Ordinal);

        var calm = CommandLineResult.Of([new ToyScenario()], "run", "--seeds", "5", "--fail-cold");
        Assert.Equal(0, calm.ExitCode);
        Assert.DoesNotContain("vetoes", calm.Output, StringComparison.Ordinal);
    }

    private static CommandLineResult Run(Func<ulong, bool> breaks, params string[] options) =>
        CommandLineResult.Of([new ToyScenario(breaks: breaks)], ["run", .. options.Contains("--seeds") ? Array.Empty<string>() : ["--seeds", "20"], .. options]);
}
