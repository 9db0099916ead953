using System;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using Simulator.Engine.Exploration;
using Simulator.Engine.Replay;
using tools.Sim.Reports;

namespace tools.Sim.Commands;

/// <summary><c>sim shrink</c>: a failing run, cut to its essence.</summary>
internal static class ShrinkCommand
{
    private const double DefaultMinutes = 5;

    private const string Explanation = """
        Shrinking tries run after run with less: fewer faults, quiet streams of draws, fewer operations of the clients, an earlier
        heal, plainer options, shorter faults. A run is taken if the same property fails in the
        same words (numbers and names apart) and, where a bug is planted, the clean build holds. The outcome is a replay file; edit any
        line of it and replay it to see what that decision did.

        Exit codes: 0 shrunk, 2 wrong usage or input, or the run does not fail.
        """;

    public static Command Create(ScenarioChoice choice, MutantChoice zoo, TextWriter output, TextWriter error)
    {
        var runs = new RunChoice(choice, zoo, error);
        var target = new Option<FileInfo?>("--out") { Description = "Where to write the smaller run; by default next to the file, as NAME.shrunk.replay.json." };
        var force = new Option<bool>("--force") { Description = "Overwrite the file that --out names." };
        var minutes = new Option<double>("--minutes") { Description = "Stop after so many minutes with what has been reached.", DefaultValueFactory = _ => DefaultMinutes };
        var jobs = RunCommand.JobsOption();
        var command = new ExplainedCommand("shrink", "Cuts a failing run to its essence while the same property fails.", Explanation) { target, force, minutes, jobs };
        runs.AddTo(command);
        command.SetAction(parsed =>
        {
            var run = runs.Find(parsed);
            var path = parsed.GetValue(target)?.FullName is { } named ? Path.GetRelativePath(Directory.GetCurrentDirectory(), named) : DefaultPath(run);
            if (File.Exists(path) && !parsed.GetValue(force)) throw new UsageException($"The file {path} exists already: name another one with --out, or overwrite it with --force.");
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder)) throw new UsageException($"The folder {folder} does not exist: make it, or name another file.");
            var limit = parsed.GetValue(minutes);
            if (limit is not (> 0 and <= 100_000)) throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--minutes {limit} is not possible: give a positive number."));
            var watch = Stopwatch.StartNew();
            var report = Shrink(run, RunCommand.Jobs(parsed.GetValue(jobs)), () => watch.Elapsed.TotalMinutes >= limit, error);
            report.File.Save(path, overwrite: parsed.GetValue(force));
            ShrinkPrinter.Print(output, report, watch.Elapsed.TotalSeconds, path);
            return ExitCodes.AllHeld;
        });
        return command;
    }

    private static ShrinkReport Shrink(ChosenRun run, int jobs, Func<bool> isOver, TextWriter error)
    {
        try
        {
            var file = run.File ?? Recorder.Record(run.Scenario, run.Seed, BuildInfo.Commit, run.Mutant);
            return ProgressDisplay.Watch(error, new Shrinker(run.Scenario, file with { Commit = BuildInfo.Commit }, jobs, isOver, FailureSignature.Of, run.Clean));
        }
        catch (ReplayException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static string DefaultPath(ChosenRun run)
    {
        if (run.Path is not { } path) return $"{run.Scenario.Name}-{run.Seed}.shrunk{ReplayFile.Extension}";
        return (path.EndsWith(ReplayFile.Extension, StringComparison.Ordinal) ? path[..^ReplayFile.Extension.Length] : path) + ".shrunk" + ReplayFile.Extension;
    }
}
