using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Simulator.Engine.Replay;
using Tests.Support;
using Tests.tools.Sim.Campaigns;
using Xunit;

namespace Tests.tools.Sim.Stepping;

/// <summary><c>sim step</c> as a process of its own, told by a pipe where to go: what it shows anywhere is what a replay shows that stops there.</summary>
public class SteppingSessionTests
{
    private static readonly string[] s_prelude = ["events ", "checkpoints "];

    private static readonly Dictionary<string, string> s_own = new() { ["SIM_SCENARIOS"] = typeof(SteadyScenario).Assembly.Location };

    [Fact]
    public async Task Forwards_and_backwards_a_session_shows_what_a_replay_shows_that_stops_there()
    {
        string[] run = ["replication", "1"];
        var result = await Step(run, "goto #30000", "where", "dump", "back 7000", "where", "dump", "next 3", "where", "goto 12.5s", "where", "dump", "events 40", "end", "where");
        Assert.Equal((0, ""), (result.ExitCode, result.StandardError));
        string[] shown =
        [
            .. Replay(run, "--until", "#30000", "--dump"),
            .. Replay(run, "--until", "#23000", "--dump"),
            .. Replay(run, "--until", "#23003", "--lines", "0"),
            .. Replay(run, "--until", "12.5s", "--dump"),
            .. Replay(run, "--until", "12.5s", "--lines", "40").Where(IsOfTheTrace),
            .. Replay(run, "--lines", "0"),
        ];
        Assert.Equal(shown, WithoutMoves(result.StandardOutput));
    }

    [Fact]
    public async Task The_trace_goes_back_as_far_as_is_asked_past_any_number_of_checkpoints()
    {
        string[] run = ["replication", "1"];
        var result = await Step(run, "goto #30000", "dump", "events 5000");
        Assert.Equal((0, ""), (result.ExitCode, result.StandardError));
        var expected = Replay(run, "--until", "#30000", "--lines", "5000").Where(IsOfTheTrace).ToList();
        Assert.True(expected.Count > 1000); // more than a visit keeps at first
        Assert.Equal(expected, WithoutMoves(result.StandardOutput).Where(IsOfTheTrace));
    }

    [Fact]
    public async Task A_break_passes_over_what_else_fails_and_the_run_beyond_can_be_gone_through_as_well()
    {
        string[] run = ["replication", "3", "--mutant", "1"];
        var firstEnd = Replay(run, "--lines", "0").Select(line => Regex.Match(line, @"^when .* event (\d+)$")).Single(m => m.Success).Groups[1].Value;
        var justBeyond = $"#{long.Parse(firstEnd, CultureInfo.InvariantCulture) + 300}"; // before the first checkpoint of the run beyond
        var result = await Step(run, "break S1-StrongIsr", "where", "break L1-ReplicasConverge", "where", "goto #60000", "where", $"goto {justBeyond}", "where", "goto #40000", "break S1-StrongIsr", "where");
        Assert.Equal((0, ""), (result.ExitCode, result.StandardError));
        Assert.Contains("\nL1-ReplicasConverge is not violated in this run.\n", result.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("\nend         FAILED S1-StrongIsr: broker 3 shows", result.StandardOutput, StringComparison.Ordinal);
        string[] shown =
        [
            .. Replay(run, "--lines", "0"),
            .. Replay(run, "--lines", "0", "--break", "L1-ReplicasConverge"),
            .. Replay(run, "--lines", "0", "--break", "L1-ReplicasConverge", "--until", "#60000"),
            .. Replay(run, "--lines", "0", "--break", "L1-ReplicasConverge", "--until", justBeyond),
            .. Replay(run, "--lines", "0"),
        ];
        Assert.Equal(shown, WithoutMoves(result.StandardOutput).Where(l => !l.StartsWith("L1-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_cannot_be_done_is_one_sentence_and_the_session_goes_on()
    {
        var result = await Step(
            ["steady", "1"], "goto", "goto tomorrow", "goto #99999", "goto 1h", "next", "next -3", "back 99999", "start", "back", "break", "break x", "b", "fly", "dump it", "goto #1 #2", "", "start", "next 2");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(
            [
                "sim: Where to? Give a time such as 12.5s, or an event such as #123456.",
                "sim: 'tomorrow' is no moment of a run: give a time such as 12.5s, or an event such as #123456.",
                "sim: There is nothing there: the run ends after event #46, at 4.000000 s.",
                "sim: '1h' is no moment of a run: give a time such as 12.5s, or an event such as #123456.",
                "sim: This is the run's end: there is no next event.",
                "sim: '-3' is no number of events: give 1 or more.",
                "sim: Only 46 events have happened here: 'start' goes before the first.",
                "sim: Only 0 events have happened here: 'start' goes before the first.",
                "sim: Which property? Name one that the scenario checks.",
                "sim: There is no property 'x'; there are: final-read, no-leak, no-recovery, no-unhandled-exception, observation, planted, scenario, world.",
                "sim: 'b' may mean back or break: write more of it.",
                "sim: There is no command 'fly'; the commands are: goto, start, end, next, back, break, dump, where, events, help, quit.",
                "sim: 'it' is too much: 'dump' takes nothing after it.",
                "sim: '#2' is too much: 'goto' takes one word after it.",
            ],
            Lines(result.StandardError));
        Assert.Contains("after event 2,", result.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_file_that_does_not_fit_ends_the_session_before_it_begins()
    {
        using var folder = new TempDirectory();
        var file = Recorder.Record(new SteadyScenario(), 1, "abc");
        (file with { Script = file.Script with { Configuration = new Dictionary<string, string> { ["x"] = "1" } } }).Save(folder.File("run.replay.json"));
        var result = await Step([folder.File("run.replay.json")], "dump");
        Assert.Equal((2, ""), (result.ExitCode, result.StandardOutput));
        Assert.EndsWith("run.replay.json does not fit: The configuration of the scenario steady cannot be edited, but the script has 'x' as '1' instead of ''.\n", result.StandardError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quit\n")]
    [InlineData("")]
    public async Task No_process_is_left_when_the_session_ends(string last)
    {
        using var folder = new TempDirectory();
        var file = RecordedIn(folder);
        Assert.Equal(0, (await Run([file], "goto #10\ndump\n" + last)).ExitCode);
        Assert.Empty(ProcessesOf(file));
    }

    /// <summary>All processes of a session share its standard error, so that its end is seen only when the last one has gone.</summary>
    [Fact]
    public async Task No_process_is_left_when_the_session_is_killed()
    {
        using var folder = new TempDirectory();
        var file = RecordedIn(folder);
        using var session = ExternalProgram.Start("dotnet", [SimProcess.Program, "step", file], s_own);
        await session.Write("goto #10\n");
        await session.WaitForLine(l => l.Contains("after event 10,", StringComparison.Ordinal));
        Assert.NotEmpty(ProcessesOf(file));
        session.KillAbruptly();
        await session.WaitForExit();
        Assert.Empty(ProcessesOf(file));
    }

    private static string RecordedIn(TempDirectory folder)
    {
        Recorder.Record(new SteadyScenario(), 1, "abc").Save(folder.File("run.replay.json"));
        return folder.File("run.replay.json");
    }

    private static List<int> ProcessesOf(string file) => Directory.GetDirectories("/proc")
        .Select(d => (IsProcess: int.TryParse(Path.GetFileName(d), out var id), Id: id))
        .Where(d => d.IsProcess && CommandLineOf(d.Id).Contains(file, StringComparison.Ordinal))
        .Select(d => d.Id)
        .ToList();

    private static string CommandLineOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return ""; // it has just ended
        }
    }

    private static Task<ProgramResult> Step(string[] run, params string[] commands) => Run(run, string.Join('\n', commands) + "\n");

    private static async Task<ProgramResult> Run(string[] run, string input)
    {
        using var session = ExternalProgram.Start("dotnet", [SimProcess.Program, "step", .. run], s_own);
        await session.Write(input);
        session.CloseInput();
        return new ProgramResult(await session.WaitForExit(TimeSpan.FromMinutes(3)), session.StandardOutput, session.StandardError);
    }

    private static List<string> Replay(string[] run, params string[] options) => Lines(CommandLineResult.Of(["replay", .. run, .. options]).Output);

    /// <summary>What was shown on demand: without what a session prints of itself at the beginning and after each move.</summary>
    private static List<string> WithoutMoves(string output)
    {
        var shown = new List<string>();
        var isMove = false;
        foreach (var line in Lines(output).SkipWhile(l => s_prelude.Any(p => l.StartsWith(p, StringComparison.Ordinal))))
        {
            if (line.StartsWith("at          ", StringComparison.Ordinal)) isMove = true;
            else if (!(isMove && (IsOfTheTrace(line) || line.StartsWith("end  ", StringComparison.Ordinal))))
            {
                isMove = false;
                shown.Add(line);
            }
        }

        return shown;
    }

    private static bool IsOfTheTrace(string line) => line.Length > 3 && line.StartsWith("  ", StringComparison.Ordinal) && char.IsDigit(line[2]) && line.Contains('.');

    private static List<string> Lines(string text) => [.. text.TrimEnd('\n').Split('\n')];
}
