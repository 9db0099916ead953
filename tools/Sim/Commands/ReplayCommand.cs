using System.CommandLine;
using System.Diagnostics;
using System.IO;
using Simulator.Engine.Exploration;
using tools.Sim.Reports;

namespace tools.Sim.Commands;

/// <summary><c>sim replay</c>: one seed again, with what happened last.</summary>
internal static class ReplayCommand
{
    public static Command Create(ScenarioChoice choice, MutantChoice zoo, TextWriter output)
    {
        var name = new Argument<string>("scenario") { Description = "Name of the scenario." };
        var seed = new Argument<string>("seed") { Description = "The seed." };
        var json = new Option<FileInfo?>("--json") { Description = "Write the result as JSON to this file." };
        var lines = new Option<int>("--lines") { Description = "Number of last trace lines to print.", DefaultValueFactory = _ => FailurePrinter.LinesShown };
        var traffic = new Option<bool>("--traffic") { Description = "Show each delivery of the network too." };
        var mutant = new Option<int?>("--mutant") { Description = "Replay against this planted bug of the zoo." };
        var timeline = new Option<FileInfo?>("--timeline") { Description = "Write what happened as a page to this HTML file." };
        var command = new Command("replay", "Runs one seed again and prints its verdict, its hash and its last events.") { name, seed, json, lines, traffic, mutant, timeline };
        command.SetAction(parsed =>
        {
            ReportFile.EnsureWritable(parsed.GetValue(json));
            ReportFile.EnsureWritable(parsed.GetValue(timeline));
            var scenario = choice.Find(parsed.GetValue(name)!);
            if (parsed.GetValue(mutant) is { } id) scenario = zoo.Find(id).Scenario;
            var keep = parsed.GetValue(lines);
            if (keep < 0) throw new UsageException($"--lines {keep} is not possible: give 0 or more.");
            var watch = Stopwatch.StartNew();
            var result = SeedRunner.Run(scenario, SeedSelection.ParseOne(parsed.GetValue(seed)!), new RunOptions(TraceLines: keep, Traffic: parsed.GetValue(traffic), Timeline: parsed.GetValue(timeline) is not null));
            FailurePrinter.PrintReplay(output, result);
            if (parsed.GetValue(json) is { } file) File.WriteAllText(file.FullName, JsonReports.OfReplay(result, watch.Elapsed.TotalSeconds));
            if (parsed.GetValue(timeline) is { } page) TimelineCommand.WritePage(result.Timeline!, page, output);
            if (FailurePrinter.IsNondeterminism(result)) return ExitCodes.Nondeterminism;
            return result.Passed ? ExitCodes.AllHeld : ExitCodes.PropertyFailed;
        });
        return command;
    }
}
