using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using Simulator.Engine.Exploration;

namespace tools.Sim.Reports;

/// <summary>
/// A campaign as JUnit XML for the viewers of CI: a suite per scenario, in it a case for the seeds that hold, a case for each
/// signature of failures (named by it, so that it is the same case in every run), and one for what stayed cold if that was asked for.
/// </summary>
internal static class JUnitReport
{
    /// <summary>The document.</summary>
    /// <param name="reports">One per scenario.</param>
    /// <param name="corpus">What came of the corpus, if one was run.</param>
    /// <param name="failCold">Whether cold points fail the campaign.</param>
    public static string Of(IReadOnlyList<CampaignReport> reports, CampaignReport? corpus, bool failCold)
    {
        var suites = reports.Select(r => Suite(r, failCold)).ToList();
        if (corpus is { Seeds: > 0 }) suites.Insert(0, Suite(corpus, failCold: false));
        int Sum(string count) => suites.Sum(s => (int)s.Attribute(count)!);
        return new XDeclaration("1.0", "utf-8", null) + "\n" + new XElement(
            "testsuites",
            new XAttribute("tests", Sum("tests")),
            new XAttribute("failures", Sum("failures")),
            suites) + "\n";
    }

    private static XElement Suite(CampaignReport report, bool failCold)
    {
        List<XElement> cases = [];
        if (report.Passed > 0) cases.Add(Case(report, $"{Range(report.Results)}: the properties hold", report.WallSeconds, SystemOut($"{report.Passed} of {report.Seeds} seeds hold, hash {SummaryPrinter.Hex(report.Hash)}")));
        cases.AddRange(report.Groups.Select(g => Case(report, g.Signature, 0, Failed(g))));
        if (failCold) cases.Add(Case(report, "every fault and effect, buggify point and rare situation is hit", 0, report.Cold.Count == 0 ? null : Failure("cold", $"cold: {string.Join(", ", report.Cold)}", string.Empty)));
        return new XElement(
            "testsuite",
            new XAttribute("name", "sim." + report.Scenario),
            new XAttribute("tests", cases.Count),
            new XAttribute("failures", cases.Count(c => c.Element("failure") is not null)),
            new XAttribute("time", Seconds(report.WallSeconds)),
            cases);
    }

    private static XElement Case(CampaignReport report, string name, double seconds, XElement? outcome) => new(
        "testcase",
        new XAttribute("classname", "sim." + report.Scenario),
        new XAttribute("name", Clean(name)),
        new XAttribute("time", Seconds(seconds)),
        outcome);

    private static XElement Failed(FailureGroup group)
    {
        var smallest = group.Smallest;
        var seeds = string.Join(", ", group.Failures.Take(20).Select(f => f.Seed)) + (group.Failures.Count > 20 ? ", …" : string.Empty);
        return Failure(
            smallest.Failure!.Property,
            $"{group.Failures.Count} seeds fail, the smallest is {smallest.Seed}: {smallest.Failure.Message}",
            $"{FailurePrinter.ReplayCommand(smallest)}\nseeds {seeds}\n");
    }

    private static XElement Failure(string type, string message, string details) =>
        new("failure", new XAttribute("type", Clean(type)), new XAttribute("message", Clean(message)), Clean(details));

    private static XElement SystemOut(string text) => new("system-out", Clean(text));

    private static string Range(IReadOnlyList<SeedResult> results) => $"seeds {results.Min(r => r.Seed)}..{results.Max(r => r.Seed)}";

    private static string Seconds(double seconds) => seconds.ToString("F3", CultureInfo.InvariantCulture);

    // What XML cannot hold is no reason to lose the report.
    private static string Clean(string text) => string.Concat(text.Select(c => System.Xml.XmlConvert.IsXmlChar(c) ? c : '\uFFFD'));
}
