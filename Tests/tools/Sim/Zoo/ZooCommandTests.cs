using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Scenarios.Zoo;
using Tests.Support;
using Xunit;

namespace Tests.tools.Sim.Zoo;

/// <summary>The kill table of a zoo of toys, word for word, its JSON, and what the process tells its caller.</summary>
public class ZooCommandTests
{
    private static readonly Mutant s_often = Toy(1, "TOY-1", seed => seed % 3 == 0);
    private static readonly Mutant s_rarely = Toy(2, "TOY-2", seed => seed == 17);
    private static readonly Mutant s_never = Toy(3, "TOY-3", _ => false);
    private static readonly Mutant s_crashes = Toy(4, "TOY-4", seed => seed == 4 ? throw new InvalidOperationException("planted") : seed == 2);
    private static readonly IReadOnlyList<Mutant> s_all = [s_often, s_rarely, s_never, s_crashes];

    [Fact]
    public Task The_statistics_are_printed_as_approved() => Verifier.Verify(Zoo(s_all, breaksClean: 5, "zoo", "--seeds", "20", "--kills", "0").Output);

    [Fact]
    public Task The_quick_hunt_is_printed_as_approved() => Verifier.Verify(Zoo([s_often, s_rarely], breaksClean: 0, "zoo", "--seeds", "20").Output);

    [Fact]
    public Task The_JSON_report_is_as_approved()
    {
        using var folder = new TempDirectory();
        Zoo(s_all, breaksClean: 5, "zoo", "--seeds", "20", "--kills", "0", "--json", folder.File("zoo.json"));
        var report = JsonNode.Parse(File.ReadAllText(folder.File("zoo.json")))!.AsObject();
        report["wallSeconds"] = "(scrubbed)";
        foreach (var mutant in report["mutants"]!.AsArray()) mutant!["wallSeconds"] = "(scrubbed)";
        return Verifier.Verify(report);
    }

    [Fact]
    public void What_is_printed_does_not_depend_on_the_number_of_threads() => Assert.Equal(
        Zoo(s_all, breaksClean: 5, "zoo", "--seeds", "20", "--kills", "2", "--jobs", "1").Output,
        Zoo(s_all, breaksClean: 5, "zoo", "--seeds", "20", "--kills", "2", "--jobs", "8").Output);

    [Fact]
    public void All_killed_without_a_false_alarm_gives_0()
    {
        var result = Zoo([s_often, s_rarely], breaksClean: 0, "zoo", "--seeds", "20");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public void A_survivor_a_bug_that_cannot_be_run_or_a_false_alarm_gives_1()
    {
        Assert.Equal(1, Zoo([s_often, s_never], breaksClean: 0, "zoo", "--seeds", "20").ExitCode);
        Assert.Equal(1, Zoo([s_crashes], breaksClean: 0, "zoo", "--seeds", "20", "--kills", "0").ExitCode);
        Assert.Equal(1, Zoo([s_often], breaksClean: 5, "zoo", "--seeds", "20").ExitCode);
        Assert.Equal(0, Zoo([s_often], breaksClean: 5, "zoo", "--seeds", "20", "--clean", "false").ExitCode);
    }

    [Fact]
    public void A_leak_out_of_the_loop_gives_3() =>
        Assert.Equal(3, CommandLineResult.Of([new ToyScenario(escapes: true)], [s_often], ["zoo", "--seeds", "3"]).ExitCode);

    [Fact]
    public void Only_the_bugs_named_are_hunted_each_once() =>
        Assert.Contains("killed 2 of 2 within 20 seeds each", Zoo(s_all, breaksClean: 0, "zoo", "2", "1", "2", "--seeds", "20").Output, StringComparison.Ordinal);

    [Fact]
    public void Each_first_kill_and_each_false_alarm_leaves_a_report_in_the_folder_asked_for()
    {
        using var folder = new TempDirectory();
        Zoo(s_all, breaksClean: 5, "zoo", "--seeds", "20", "--kills", "0", "--out", folder.File("zoo"));
        Assert.Equal(["clean-toy-5.txt", "mutant-1-3.txt", "mutant-2-17.txt", "mutant-4-2.txt"], Directory.GetFiles(folder.File("zoo")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.EndsWith("-- replay toy 17 --mutant 2\n", File.ReadAllText(Path.Combine(folder.File("zoo"), "mutant-2-17.txt")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.EndsWith("-- replay toy 5\n", File.ReadAllText(Path.Combine(folder.File("zoo"), "clean-toy-5.txt")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_replay_command_of_a_kill_ends_in_that_kill()
    {
        var result = CommandLineResult.Of([new ToyScenario()], s_all, ["replay", "toy", "17", "--mutant", "2"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("property    echo-is-right", result.Output, StringComparison.Ordinal);
    }

    private static CommandLineResult Zoo(IReadOnlyList<Mutant> mutants, ulong breaksClean, params string[] args) =>
        CommandLineResult.Of([new ToyScenario(breaks: seed => seed == breaksClean)], mutants, args);

    private static Mutant Toy(int id, string story, Func<ulong, bool> breaks) => new(id, story, $"the echo of toy {id} is wrong", "it is right", new ToyScenario(breaks));
}
