using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace tools.Sim.Reports;

/// <summary>The summary of a campaign in plain text.</summary>
internal static class SummaryPrinter
{
    /// <summary>Failures shown in full; the rest is counted.</summary>
    public const int MaxFailuresShown = 3;

    public static void Print(TextWriter output, CampaignReport report)
    {
        string F(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
        output.WriteLine($"scenario    {report.Scenario}");
        output.WriteLine($"seeds       {report.Seeds}: {report.Passed} passed, {report.Failed} failed");
        output.WriteLine($"simulated   {F(report.SimulatedSeconds, "F0")} s in {F(report.WallSeconds, "F1")} s of wall time: {F(report.SimulatedSeconds / report.WallSeconds, "F0")} times real time");
        output.WriteLine($"events      {report.Events} ({F(report.Events / report.WallSeconds, "F0")} per second)");
        output.WriteLine($"per seed    medians: {F(report.MedianSimulatedSeconds, "F0")} s simulated, {F(report.MedianOf("acknowledgedRecords"), "F0")} records acknowledged, {F(report.MedianFaults, "F0")} faults of {F(report.MedianFaultKinds, "F0")} kinds, {F(report.MedianOf("leaderChanges"), "F0")} leader changes");
        output.WriteLine($"faults      {Hits(report.FaultsByKind)}");
        if (report.Effects.Count > 0) output.WriteLine($"effects     {Hits(report.Effects)}");
        if (report.Vetoes.Count > 0) output.WriteLine($"vetoes      {Hits(report.Vetoes)}");
        if (report.Buggify.Count > 0) output.WriteLine($"buggify     {Hits(report.Buggify)}");
        if (report.Sometimes.Count > 0) output.WriteLine($"sometimes   {Hits(report.Sometimes)}");
        if (report.Cold.Count > 0) output.WriteLine($"cold        {string.Join(", ", report.Cold)}");
        output.WriteLine($"hash        {Hex(report.Hash)}");
        foreach (var group in report.Groups)
        {
            output.WriteLine($"failed      {group.Failures.Count} seeds, the smallest is {group.Smallest.Seed}: {group.Signature}");
        }
    }

    public static string Hex(ulong hash) => "0x" + hash.ToString("x16", CultureInfo.InvariantCulture);

    private static string Hits(IReadOnlyDictionary<string, long> hits) => string.Join(", ", hits.Select(h => $"{h.Key} {h.Value}"));
}
