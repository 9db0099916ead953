using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using tools.Sim.Commands;

namespace tools.Sim.Reports;

/// <summary>The kill table.</summary>
internal static class ZooPrinter
{
    public static void Print(TextWriter output, IReadOnlyList<Kill> kills, int budget, CampaignReport? clean)
    {
        output.WriteLine($"{"id",3}  {"story",-22} {"killed",-6} {"property",-24} {"seeds",5}  what was planted");
        foreach (var kill in kills)
        {
            var property = kill.By?.Failure?.Property ?? "-";
            output.WriteLine($"{kill.Mutant.Id,3}  {kill.Mutant.Story,-22} {(kill.Killed ? "yes" : "NO"),-6} {property,-24} {kill.Seeds,5}  {kill.Mutant.Mutation}");
        }

        output.WriteLine($"killed {kills.Count(k => k.Killed)} of {kills.Count} within {budget} seeds each");
        if (clean is null) return;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"clean build over {clean.Seeds} seeds: {clean.Failed} false alarms"));
        foreach (var failure in clean.Failures.Take(SummaryPrinter.MaxFailuresShown)) output.WriteLine($"  seed {failure.Seed}: {failure.Failure!.Property}");
    }
}
