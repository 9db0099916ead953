using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Simulator.Engine.Exploration;
using tools.Sim.Reports;

namespace tools.Sim.Commands;

/// <summary><c>sim run</c>: scenarios over many seeds.</summary>
internal static class RunCommand
{
    public static Command Create(ScenarioChoice choice, TextWriter output, TextWriter error)
    {
        var scenarios = new Argument<string[]>("scenario") { Description = "Names of scenarios; without one, the default scenario.", Arity = ArgumentArity.ZeroOrMore };
        var seeds = new Option<string>("--seeds") { Description = "A count (200: seeds 1 to 200) or a range (17..40).", DefaultValueFactory = _ => "100" };
        var jobs = JobsOption();
        var json = new Option<FileInfo?>("--json") { Description = "Write the report as JSON to this file." };
        var folder = new Option<DirectoryInfo?>("--out") { Description = "Write a report of each failing seed, with its trace, into this folder." };
        var check = new Option<bool>("--check") { Description = "Run each seed twice and compare the event hashes; without a progress bar, also watch for work on the thread pool." };
        var command = new Command("run", "Runs scenarios over many seeds and reports what failed.") { scenarios, seeds, jobs, json, folder, check };
        command.SetAction(parsed =>
        {
            var request = new Request(
                choice.FindAll(parsed.GetValue(scenarios) ?? []),
                SeedSelection.Parse(parsed.GetValue(seeds)!),
                Jobs(parsed.GetValue(jobs)),
                parsed.GetValue(check));
            return Execute(request, parsed.GetValue(json), parsed.GetValue(folder), output, error);
        });
        return command;
    }

    internal static Option<int> JobsOption() =>
        new("--jobs") { Description = "Number of threads; one seed runs on one thread.", DefaultValueFactory = _ => Environment.ProcessorCount };

    internal static int Jobs(int jobs) => jobs is >= 1 and <= 1024 ? jobs : throw new UsageException($"--jobs {jobs} is not possible: give a number from 1 to 1024.");

    private static int Execute(Request request, FileInfo? json, DirectoryInfo? folder, TextWriter output, TextWriter error)
    {
        ReportFile.EnsureWritable(json);
        folder?.Create();
        var reports = new List<CampaignReport>();
        foreach (var scenario in request.Scenarios)
        {
            var campaign = new Campaign(scenario, request.Seeds, request.Jobs, request.Check, watchThreadPool: ProgressDisplay.IsQuietProcess(error));
            var watch = Stopwatch.StartNew();
            var results = ProgressDisplay.Watch(error, scenario.Name, request.Seeds.Count, campaign);
            var report = new CampaignReport(scenario.Name, results, watch.Elapsed.TotalSeconds);
            reports.Add(report);
            SummaryPrinter.Print(output, report);
            foreach (var failure in report.Failures.Take(SummaryPrinter.MaxFailuresShown)) FailurePrinter.Print(output, Retrace(scenario, failure));
            if (folder is null) continue;
            foreach (var failure in report.Failures) FailureFile.Write(folder, $"{scenario.Name}-{failure.Seed}.txt", scenario, failure);
        }

        if (json is not null) File.WriteAllText(json.FullName, JsonReports.OfRun(reports));
        if (reports.Any(r => r.FoundNondeterminism)) return ExitCodes.Nondeterminism;
        return reports.All(r => r.Failed == 0) ? ExitCodes.AllHeld : ExitCodes.PropertyFailed;
    }

    // A campaign keeps no traces; the same seed again gives the same run, with them.
    private static SeedResult Retrace(Scenario scenario, SeedResult failure) => FailurePrinter.IsNondeterminism(failure)
        ? failure
        : SeedRunner.Run(scenario, failure.Seed, new RunOptions(TraceLines: FailurePrinter.LinesShown));

    private sealed record Request(IReadOnlyList<Scenario> Scenarios, IReadOnlyList<ulong> Seeds, int Jobs, bool Check);
}
