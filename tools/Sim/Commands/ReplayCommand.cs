using System.CommandLine;
using System.Diagnostics;
using System.IO;
using Simulator.Engine.Exploration;
using tools.Sim.Reports;

namespace tools.Sim.Commands;

/// <summary><c>sim replay</c>: one seed or replay file again, with what happened last.</summary>
internal static class ReplayCommand
{
    public static Command Create(ScenarioChoice choice, MutantChoice zoo, TextWriter output, TextWriter error)
    {
        var runs = new RunChoice(choice, zoo, error);
        var json = new Option<FileInfo?>("--json") { Description = "Write the result as JSON to this file." };
        var lines = new Option<int>("--lines") { Description = "Number of last trace lines to print.", DefaultValueFactory = _ => FailurePrinter.LinesShown };
        var traffic = new Option<bool>("--traffic") { Description = "Show each delivery of the network too." };
        var timeline = new Option<FileInfo?>("--timeline") { Description = "Write what happened as a page to this HTML file." };
        var until = new Option<string?>("--until") { Description = "Stop at this moment: a time (12.5s) or an event (#123456)." };
        var breakOn = new Option<string?>("--break") { Description = "Stop at the first violation of this property; whatever else fails is passed over." };
        var dump = new Option<bool>("--dump") { Description = "Print the state of the whole cluster where the run ends; no events are printed then, unless --lines asks for them." };
        var command = new Command("replay", "Runs one seed or one replay file again and prints its verdict, its hash and its last events.") { json, lines, traffic, timeline, until, breakOn, dump };
        runs.AddTo(command);
        command.SetAction(parsed =>
        {
            ReportFile.EnsureWritable(parsed.GetValue(json));
            ReportFile.EnsureWritable(parsed.GetValue(timeline));
            var run = runs.Find(parsed);
            var keep = parsed.GetValue(lines);
            if (keep < 0) throw new UsageException($"--lines {keep} is not possible: give 0 or more.");
            var watch = Stopwatch.StartNew();
            var shows = parsed.GetValue(dump);
            if (shows && parsed.GetResult(lines) is { Implicit: true }) keep = 0;
            var result = run.Run(new RunOptions(
                TraceLines: keep,
                Traffic: parsed.GetValue(traffic),
                Until: parsed.GetValue(until) is { } moment ? RunPointOption.Parse(moment) : null,
                Break: parsed.GetValue(breakOn),
                Dump: shows,
                Timeline: parsed.GetValue(timeline) is not null));
            FailurePrinter.PrintReplay(output, result);
            if (result.State is { } state) DumpPrinter.Print(output, state);
            if (parsed.GetValue(json) is { } file) ReportFile.Write(file, JsonReports.OfReplay(result, watch.Elapsed.TotalSeconds));
            if (parsed.GetValue(timeline) is { } page) TimelineCommand.WritePage(result.Timeline!, page, output);
            if (result.IsNondeterminism) return ExitCodes.Nondeterminism;
            return result.Passed ? ExitCodes.AllHeld : ExitCodes.PropertyFailed;
        });
        return command;
    }
}
