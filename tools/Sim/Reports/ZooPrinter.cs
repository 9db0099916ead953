using System.Globalization;
using System.IO;
using System.Linq;
using tools.Sim.Zoo;

namespace tools.Sim.Reports;

/// <summary>The kill table.</summary>
internal static class ZooPrinter
{
    public static void Print(TextWriter output, ZooReport report)
    {
        output.WriteLine($"{"id",3}  {"story",-22} {"killed",-6} {"first property",-24} {"after",5}  {"kills/seeds",11}  {"rate (95 %)",-22} {"median seeds to kill (95 %)",-28} what was planted");
        foreach (var mutant in report.Mutants) PrintRow(output, mutant);
        output.WriteLine();
        foreach (var mutant in report.Mutants.Where(m => m.Killed))
        {
            output.WriteLine($"{mutant.Mutant.Id,3}  killed by {string.Join(", ", mutant.Properties.Select(p => $"{p.Property} {p.Kills}"))}; replay: {FailurePrinter.ReplayCommand(mutant.FirstKill!, mutant.Mutant.Id)}");
        }

        foreach (var mutant in report.Mutants.Where(m => m.Crash is not null)) output.WriteLine($"{mutant.Mutant.Id,3}  could not be run on with {mutant.Crash}");
        output.WriteLine($"killed {report.Mutants.Count(m => m.Killed)} of {report.Mutants.Count} within {report.Seeds} seeds each");
        foreach (var clean in report.Clean) PrintClean(output, clean);
    }

    private static void PrintRow(TextWriter output, MutantReport mutant)
    {
        var rate = mutant.Rate;
        var killed = mutant.Killed ? "yes" : mutant.Crash is null ? "NO" : "CRASH";
        var after = mutant.SeedsToKill is { } seeds ? Text(seeds, "F0") : "-";
        var percent = $"{Text(rate.Rate * 100, "F1")} % ({Text(rate.RateInterval.Low * 100, "F1")}-{Text(rate.RateInterval.High * 100, "F1")})";
        var median = $"{Text(rate.MedianSeedsToKill, "F1")} ({Text(rate.MedianInterval.Low, "F1")}-{Text(rate.MedianInterval.High, "F1")})";
        output.WriteLine($"{mutant.Mutant.Id,3}  {mutant.Mutant.Story,-22} {killed,-6} {mutant.FirstKill?.Failure?.Property ?? "-",-24} {after,5}  {$"{rate.Kills}/{rate.Seeds}",11}  {percent,-22} {median,-28} {mutant.Mutant.Mutation}");
    }

    private static void PrintClean(TextWriter output, CleanReport clean)
    {
        output.WriteLine($"clean build of {clean.Scenario.Name} over {clean.Campaign.Seeds} seeds: {clean.Campaign.Failed} false alarms");
        foreach (var failure in clean.Campaign.Failures.Take(SummaryPrinter.MaxFailuresShown)) output.WriteLine($"  seed {failure.Seed}: {failure.Failure!.Property}; replay: {FailurePrinter.ReplayCommand(failure)}");
        if (clean.Crash is { } crash) output.WriteLine($"  could not be run on with {crash}");
    }

    private static string Text(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "inf";
}
