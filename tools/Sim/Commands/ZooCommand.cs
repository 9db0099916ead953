using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Scenarios;
using Scenarios.Zoo;
using Simulator.Engine.Exploration;
using tools.Sim.Reports;

namespace tools.Sim.Commands;

/// <summary><c>sim zoo</c>: planted bugs, and how many seeds it takes to find each.</summary>
internal static class ZooCommand
{
    private const int SeedsPerRound = 20;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var ids = new Argument<int[]>("id") { Description = "Numbers of planted bugs; without one, all.", Arity = ArgumentArity.ZeroOrMore };
        var seeds = new Option<string>("--seeds") { Description = "How many seeds each bug may survive.", DefaultValueFactory = _ => "500" };
        var jobs = RunCommand.JobsOption();
        var json = new Option<FileInfo?>("--json") { Description = "Write the table as JSON to this file." };
        var clean = new Option<bool>("--clean") { Description = "Also run the clean build over the same seeds and count false alarms.", DefaultValueFactory = _ => true };
        var command = new Command("zoo", "Plants known bugs and prints which of them the simulator finds, and how fast.") { ids, seeds, jobs, json, clean };
        command.SetAction(parsed =>
        {
            ReportFile.EnsureWritable(parsed.GetValue(json));
            var chosen = parsed.GetValue(ids) ?? [];
            var mutants = chosen.Length == 0 ? BugZoo.Mutants : chosen.Select(FindMutant).ToList();
            var budget = SeedSelection.Parse(parsed.GetValue(seeds)!);
            var threads = RunCommand.Jobs(parsed.GetValue(jobs));
            var kills = mutants.Select(m => Hunt(m, budget, threads, error)).ToList();
            var cleanRun = parsed.GetValue(clean) ? RunClean(budget, threads, error) : null;
            ZooPrinter.Print(output, kills, budget.Count, cleanRun);
            if (parsed.GetValue(json) is { } file) File.WriteAllText(file.FullName, JsonReports.OfZoo(kills, budget.Count, cleanRun));
            return kills.All(k => k.Killed) && cleanRun is null or { Failed: 0 } ? ExitCodes.AllHeld : ExitCodes.PropertyFailed;
        });
        return command;
    }

    /// <summary>The planted bug of that number.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    internal static Mutant FindMutant(int id) => BugZoo.Mutants.FirstOrDefault(m => m.Id == id)
        ?? throw new UsageException($"There is no planted bug {id}; there are: {string.Join(", ", BugZoo.Mutants.Select(m => m.Id))}.");

    private static Kill Hunt(Mutant mutant, IReadOnlyList<ulong> seeds, int jobs, TextWriter error)
    {
        var watch = Stopwatch.StartNew();
        for (var start = 0; start < seeds.Count; start += SeedsPerRound)
        {
            var round = seeds.Skip(start).Take(SeedsPerRound).ToList();
            var results = new Campaign(mutant.Scenario, round, jobs, check: false).Run();
            for (var i = 0; i < results.Count; i++)
            {
                if (!results[i].Passed) return new Kill(mutant, results[i], start + i + 1, watch.Elapsed.TotalSeconds);
            }

            error.WriteLine($"mutant {mutant.Id}: alive after {start + round.Count} seeds");
        }

        return new Kill(mutant, null, seeds.Count, watch.Elapsed.TotalSeconds);
    }

    private static CampaignReport RunClean(IReadOnlyList<ulong> seeds, int jobs, TextWriter error)
    {
        var watch = Stopwatch.StartNew();
        var results = ProgressDisplay.Watch(error, "clean build", seeds.Count, new Campaign(Catalogue.Default, seeds, jobs, check: false));
        return new CampaignReport(Catalogue.Default.Name, results, watch.Elapsed.TotalSeconds);
    }
}

/// <summary>How the hunt for one planted bug ended.</summary>
/// <param name="Mutant">The bug.</param>
/// <param name="By">The seed's result that killed it, or null.</param>
/// <param name="Seeds">Seeds tried, the killing one included.</param>
/// <param name="WallSeconds">How long it took.</param>
internal sealed record Kill(Mutant Mutant, SeedResult? By, int Seeds, double WallSeconds)
{
    public bool Killed => By is not null;
}
