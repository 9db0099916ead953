using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using Simulator.Engine.Exploration;

namespace tools.Sim.Reports;

/// <summary>The machine-readable reports. Scripts rely on these names.</summary>
internal static class JsonReports
{
    internal static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Of one scenario an object; of several an object with the sums and a list <c>runs</c>.</summary>
    public static string OfRun(IReadOnlyList<CampaignReport> reports, string commit, CampaignReport? corpus = null)
    {
        var report = Together(reports);
        report["commit"] = commit;
        if (corpus is not null) report["corpus"] = new Dictionary<string, object?> { ["entries"] = corpus.Seeds, ["failed"] = corpus.Failed, ["failures"] = corpus.Failures.Select(Failure).ToList() };
        return JsonSerializer.Serialize(report, Options);
    }

    private static Dictionary<string, object?> Together(IReadOnlyList<CampaignReport> reports)
    {
        if (reports.Count == 1) return Run(reports[0]);
        var together = new CampaignReport(string.Join(",", reports.Select(r => r.Scenario)), reports.SelectMany(r => r.Results).ToList(), reports.Sum(r => r.WallSeconds));
        var report = Run(together);
        report["runs"] = reports.Select(Run).ToList();
        return report;
    }

    public static string OfReplay(SeedResult result, double wallSeconds) => JsonSerializer.Serialize(
        new Dictionary<string, object?>
        {
            ["scenario"] = result.Scenario,
            ["seed"] = result.Seed,
            ["seeds"] = 1,
            ["passed"] = result.Passed ? 1 : 0,
            ["failed"] = result.Passed ? 0 : 1,
            ["events"] = result.Events,
            ["simulatedSeconds"] = result.SimulatedSeconds,
            ["wallSeconds"] = wallSeconds,
            ["hash"] = SummaryPrinter.Hex(result.Hash),
            ["failures"] = result.Passed ? new List<object>() : [Failure(result)],
            ["configuration"] = result.Configuration,
            ["metrics"] = result.Metrics,
            ["faults"] = result.Faults,
            ["effects"] = result.FaultEffects,
            ["vetoes"] = result.FaultVetoes,
            ["state"] = result.State is { } state ? DumpPrinter.Json(state) : null,
        },
        Options);

    private static Dictionary<string, object?> Run(CampaignReport report) => new()
    {
        ["scenario"] = report.Scenario,
        ["seeds"] = report.Seeds,
        ["passed"] = report.Passed,
        ["failed"] = report.Failed,
        ["events"] = report.Events,
        ["simulatedSeconds"] = report.SimulatedSeconds,
        ["wallSeconds"] = report.WallSeconds,
        ["hash"] = SummaryPrinter.Hex(report.Hash),
        ["failures"] = report.Failures.Select(Failure).ToList(),
        ["groups"] = report.Groups.Select(Group).ToList(),
        ["medians"] = new Dictionary<string, double>
        {
            ["simulatedSeconds"] = report.MedianSimulatedSeconds,
            ["acknowledgedRecords"] = report.MedianOf("acknowledgedRecords"),
            ["faults"] = report.MedianFaults,
            ["faultKinds"] = report.MedianFaultKinds,
            ["leaderChanges"] = report.MedianOf("leaderChanges"),
        },
        ["faults"] = report.FaultsByKind,
        ["effects"] = report.Effects,
        ["vetoes"] = report.Vetoes,
        ["buggify"] = report.Buggify,
        ["sometimes"] = report.Sometimes,
        ["cold"] = report.Cold,
    };

    private static object Group(FailureGroup group) => new Dictionary<string, object?>
    {
        ["signature"] = group.Signature,
        ["property"] = group.Smallest.Failure!.Property,
        ["count"] = group.Failures.Count,
        ["smallestSeed"] = group.Smallest.Seed,
        ["replay"] = FailurePrinter.ReplayCommand(group.Smallest),
    };

    private static object Failure(SeedResult result) => new Dictionary<string, object?>
    {
        ["seed"] = result.Seed,
        ["property"] = result.Failure!.Property,
        ["message"] = result.Failure.Message,
        ["replay"] = FailurePrinter.ReplayCommand(result),
        ["hash"] = SummaryPrinter.Hex(result.Hash),
    };
}
