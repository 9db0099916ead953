using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using tools.Sim.Zoo;

namespace tools.Sim.Reports;

/// <summary>The zoo as JSON, for trends. Scripts rely on these names; a number that is infinite or unknown is null.</summary>
internal static class ZooJson
{
    public static string Of(ZooReport report) => JsonSerializer.Serialize(
        new Dictionary<string, object?>
        {
            ["seeds"] = report.Seeds,
            ["stopAtKills"] = report.KillsWanted == 0 ? null : report.KillsWanted,
            ["mutants"] = report.Mutants.Select(Mutant).ToList(),
            ["mutantsKilled"] = report.Mutants.Count(m => m.Killed),
            ["falseAlarms"] = report.Clean.Count == 0 ? null : report.Clean.Sum(c => c.Campaign.Failed),
            ["cleanSeeds"] = report.Clean.Count == 0 ? null : report.Clean.Sum(c => c.Campaign.Seeds),
            ["cleanCrash"] = report.Clean.Select(c => c.Crash).FirstOrDefault(c => c is not null),
            ["cleanFailures"] = report.Clean.Count == 0 ? null : report.Clean.SelectMany(c => c.Campaign.Failures)
                .Select(f => new Dictionary<string, object?> { ["seed"] = f.Seed, ["property"] = f.Failure!.Property, ["message"] = f.Failure.Message, ["replay"] = FailurePrinter.ReplayCommand(f) }).ToList(),
            ["wallSeconds"] = report.WallSeconds,
        },
        JsonReports.Options);

    private static Dictionary<string, object?> Mutant(MutantReport report) => new()
    {
        ["id"] = report.Mutant.Id,
        ["story"] = report.Mutant.Story,
        ["killed"] = report.Killed,
        ["property"] = report.FirstKill?.Failure?.Property,
        ["seedsToKill"] = report.SeedsToKill,
        ["seed"] = report.FirstKill?.Seed,
        ["replay"] = report.FirstKill is { } kill ? FailurePrinter.ReplayCommand(kill, report.Mutant.Id) : null,
        ["kills"] = report.Rate.Kills,
        ["seeds"] = report.Rate.Seeds,
        ["rate"] = report.Rate.Rate,
        ["rateLow"] = report.Rate.RateInterval.Low,
        ["rateHigh"] = report.Rate.RateInterval.High,
        ["medianSeedsToKill"] = Finite(report.Rate.MedianSeedsToKill),
        ["medianLow"] = Finite(report.Rate.MedianInterval.Low),
        ["medianHigh"] = Finite(report.Rate.MedianInterval.High),
        ["properties"] = report.Properties.ToDictionary(p => p.Property, p => p.Kills),
        ["crash"] = report.Crash,
        ["wallSeconds"] = report.WorkSeconds,
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
