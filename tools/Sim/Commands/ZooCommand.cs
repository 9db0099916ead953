using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Scenarios.Zoo;
using Simulator.Engine.Exploration;
using tools.Sim.Reports;
using tools.Sim.Zoo;

namespace tools.Sim.Commands;

/// <summary><c>sim zoo</c>: planted bugs, and how many seeds it takes to find each.</summary>
internal static class ZooCommand
{
    private const string Explanation = """
        Every planted bug runs in the scenario that hunts it, and the clean build in each of those scenarios, all over the same
        seeds, taking turns on all threads. A run ends with the first
        property that breaks; a failing seed is a kill, and in the clean build a false alarm. Each seed counts as an
        independent trial that kills with one unknown probability p per bug:
          first property        what broke in the first seed that killed
          after                 seeds up to the first kill, that one included
          rate                  kills / seeds, with its 95 % interval after Wilson
          median seeds to kill  ln 0.5 / ln(1 - p): half of all hunts need at most so many seeds; its interval follows from
                                the rate's
        A hunt that ends at a kill leans towards high rates; for statistics take --kills 0 and the same seeds each time.
        What counts does not depend on the number of threads. A bug that cannot be run is reported, and the others go on.

        Exit codes: 0 all bugs killed without a false alarm, 1 one survived or could not be run, or a false alarm, 2 wrong usage
        or input, 3 nondeterminism found.
        """;

    public static Command Create(ScenarioChoice choice, MutantChoice zoo, TextWriter output, TextWriter error)
    {
        var ids = new Argument<int[]>("id") { Description = "Numbers of planted bugs; without one, all.", Arity = ArgumentArity.ZeroOrMore };
        var seeds = new Option<string>("--seeds") { Description = "How many seeds each bug may survive (200: seeds 1 to 200), or a range (17..40).", DefaultValueFactory = _ => "500" };
        var kills = new Option<int>("--kills") { Description = "Stop hunting a bug after so many kills; 0: go through all seeds, for the statistics.", DefaultValueFactory = _ => 1 };
        var jobs = RunCommand.JobsOption();
        var json = new Option<FileInfo?>("--json") { Description = "Write the table as JSON to this file." };
        var folder = new Option<DirectoryInfo?>("--out") { Description = "Write a report of each bug's first kill and of each false alarm, with its trace, into this folder." };
        var clean = new Option<bool>("--clean") { Description = "Also run the clean build in the same scenarios over the same seeds and count false alarms.", DefaultValueFactory = _ => true };
        var command = new ExplainedCommand("zoo", "Plants known bugs and prints which of them the simulator finds, and how fast.", Explanation) { ids, seeds, kills, jobs, json, folder, clean };
        command.SetAction(parsed =>
        {
            var mutants = zoo.FindAll(parsed.GetValue(ids) ?? []);
            var request = new Request(
                mutants,
                parsed.GetValue(clean) ? mutants.Select(m => choice.Find(m.Scenario.Name)).Distinct().ToList() : [],
                SeedSelection.Parse(parsed.GetValue(seeds)!),
                Kills(parsed.GetValue(kills)),
                RunCommand.Jobs(parsed.GetValue(jobs)));
            ReportFile.EnsureWritable(parsed.GetValue(json));
            parsed.GetValue(folder)?.Create();
            var report = Execute(request, error);
            ZooPrinter.Print(output, report);
            if (parsed.GetValue(json) is { } file) ReportFile.Write(file, ZooJson.Of(report));
            if (parsed.GetValue(folder) is { } outFolder) WriteReports(outFolder, report);
            return report.ExitCode;
        });
        return command;
    }

    private static int Kills(int kills) => kills >= 0 ? kills : throw new UsageException($"--kills {kills} is not possible: give a number of kills, or 0 for all seeds.");

    private static ZooReport Execute(Request request, TextWriter error)
    {
        var watch = Stopwatch.StartNew();
        var mutants = request.Mutants.Select(m => (Mutant: m, Quarry: new Quarry(m.Scenario, request.Seeds, request.Kills))).ToList();
        var clean = request.Clean.Select(s => new Quarry(s, request.Seeds, killsWanted: 0)).ToList();
        IReadOnlyList<Quarry> all = [.. mutants.Select(m => m.Quarry), .. clean];
        ProgressDisplay.Watch(error, "zoo", new Hunt(all, request.Seeds.Count, request.Jobs));
        return new ZooReport(
            mutants.Select(m => new MutantReport(m.Mutant, m.Quarry)).ToList(),
            clean.Select(c => new CleanReport(c.Scenario, new CampaignReport(c.Scenario.Name, c.Results, c.WorkSeconds), c.Crash)).ToList(),
            request.Seeds.Count,
            request.Kills,
            watch.Elapsed.TotalSeconds);
    }

    private static void WriteReports(DirectoryInfo folder, ZooReport report)
    {
        foreach (var mutant in report.Mutants)
        {
            if (mutant.FirstKill is { } kill) FailureFile.Write(folder, $"mutant-{mutant.Mutant.Id}-{kill.Seed}.txt", mutant.Mutant.Scenario, kill, mutant.Mutant.Id);
        }

        foreach (var clean in report.Clean)
        {
            foreach (var failure in clean.Campaign.Failures) FailureFile.Write(folder, $"clean-{clean.Scenario.Name}-{failure.Seed}.txt", clean.Scenario, failure);
        }
    }

    private sealed record Request(IReadOnlyList<Mutant> Mutants, IReadOnlyList<Scenario> Clean, IReadOnlyList<ulong> Seeds, int Kills, int Jobs);
}
