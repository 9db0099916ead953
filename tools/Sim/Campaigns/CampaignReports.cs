using System.Collections.Generic;
using System.IO;
using System.Linq;
using tools.Sim.Commands;
using tools.Sim.Reports;

namespace tools.Sim.Campaigns;

/// <summary>The reports of a campaign that has ended, one per scenario, and what follows from them.</summary>
internal sealed class CampaignReports(IReadOnlyList<CampaignReport> reports, string commit)
{
    /// <summary>What came of the corpus, if one was run.</summary>
    public CampaignReport? Corpus { get; init; }

    /// <summary>Whether what was never hit fails the campaign.</summary>
    public bool FailCold { get; init; }

    /// <summary>Where the JSON report goes.</summary>
    public FileInfo? Json { get; init; }

    /// <summary>Where the JUnit report goes.</summary>
    public FileInfo? JUnit { get; init; }

    /// <summary>Writes the files; gives the exit code.</summary>
    /// <param name="output">Gets what has not been printed yet.</param>
    /// <param name="print">Whether the summaries are among that.</param>
    public int Finish(TextWriter output, bool print)
    {
        foreach (var report in print ? reports : []) SummaryPrinter.Print(output, report);
        if (Json is not null) ReportFile.Write(Json, JsonReports.OfRun(reports, commit, Corpus));
        if (JUnit is not null) ReportFile.Write(JUnit, JUnitReport.Of(reports, Corpus, FailCold));
        var isCold = false;
        foreach (var report in FailCold ? reports.Where(r => r.Cold.Count > 0) : [])
        {
            isCold = true;
            output.WriteLine($"FAILED      {report.Scenario}: never hit over {report.Seeds} seeds: {string.Join(", ", report.Cold)}");
        }

        IReadOnlyList<CampaignReport> all = Corpus is null ? reports : [.. reports, Corpus];
        if (all.Any(r => r.FoundNondeterminism)) return ExitCodes.Nondeterminism;
        return isCold || all.Any(r => r.Failed > 0) ? ExitCodes.PropertyFailed : ExitCodes.AllHeld;
    }
}
