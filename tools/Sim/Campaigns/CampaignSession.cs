using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Simulator.Engine.Exploration;
using Simulator.Engine.Replay;
using tools.Sim.Commands;
using tools.Sim.Reports;

namespace tools.Sim.Campaigns;

/// <summary>One run of <c>sim run</c>: the corpus first, then the seeds that have not ended yet, then the reports.</summary>
internal sealed class CampaignSession(CampaignRequest request, ScenarioChoice choice, TextWriter output, TextWriter error)
{
    private const int ReportsPerSignature = 10;
    private readonly IReadOnlyList<ulong> _seeds = request.Shard.Of(request.Seeds);

    /// <summary>Runs it; gives the exit code.</summary>
    /// <exception cref="UsageException">A file or folder of the request does not fit, or a file of the corpus. Nothing has been written then.</exception>
    public int Execute()
    {
        ReportFile.EnsureWritable(request.Json);
        ReportFile.EnsureWritable(request.JUnit);
        if (_seeds.Count == 0) throw new UsageException($"Shard {request.Shard} has no seed of {request.Seeds.Count}: use at most {request.Seeds.Count} shards.");
        var corpus = request.Corpus is null ? null : Corpus.Open(request.Corpus, choice, request.Scenarios);
        var header = Header();
        using var folder = request.Folder is null ? null : CampaignFolder.Open(request.Folder, header, request.Resume);
        if (folder is { Finished.Count: > 0 }) output.WriteLine($"resumed     {folder.Finished.Count} seeds had ended before");
        var kept = corpus is null ? null : RunCorpus(corpus);
        folder?.Begin();
        var reports = request.Scenarios.Select(s => Run(s, folder)).ToList();
        if (corpus is not null) Keep(corpus, reports);
        return new CampaignReports(reports, header.Commit) { Corpus = kept, FailCold = request.FailCold, Json = request.Json, JUnit = request.JUnit }.Finish(output, print: false);
    }

    private CampaignHeader Header()
    {
        var build = BuildIdentity.Of(request.Scenarios);
        return new CampaignHeader(
            CampaignHeader.CurrentSchema,
            build.Commit,
            build.Binaries,
            request.Scenarios.Select(s => s.Name).ToList(),
            $"{request.Seeds[0]}..{request.Seeds[^1]}",
            request.Shard.ToString(),
            request.Check,
            build.IsOfCommit);
    }

    private CampaignReport Run(Scenario scenario, CampaignFolder? folder)
    {
        var before = (folder?.Finished ?? []).Where(r => r.Scenario == scenario.Name).DistinctBy(r => r.Seed).ToDictionary(r => r.Seed);
        var left = _seeds.Where(s => !before.ContainsKey(s)).ToList();
        using var workers = Workers(scenario, left.Count);
        var campaign = new Campaign(scenario.Name, left, request.Jobs, () => new TimedWorker(workers.Next(), r => folder?.Add(r)));
        var watch = Stopwatch.StartNew();
        var now = ProgressDisplay.Watch(error, scenario.Name, left.Count, campaign).ToDictionary(r => r.Seed);
        var wallSeconds = watch.Elapsed.TotalSeconds + (before.Values.Sum(r => r.WallSeconds) / request.Jobs);
        var report = new CampaignReport(scenario.Name, _seeds.Select(s => before.GetValueOrDefault(s) ?? now[s]).ToList(), wallSeconds);
        SummaryPrinter.Print(output, report);
        foreach (var group in report.Groups.Take(SummaryPrinter.MaxFailuresShown)) FailurePrinter.Print(output, Retrace(scenario, group.Smallest));
        if (request.Folder is not null) WriteFailures(request.Folder, scenario, report);
        return report;
    }

    private SeedWorkers Workers(Scenario scenario, int seeds) => new(
        scenario,
        Math.Min(request.Jobs, seeds),
        request.Check,
        choice.IsKnownToOtherProcesses ? () => new SecondProcess([SecondRunCommand.Name, scenario.Name]) : null,
        watchThreadPool: ProgressDisplay.IsQuietProcess(error));

    // Entries are no seeds: they are dealt by their names, since another shard may be adding some.
    private CampaignReport RunCorpus(Corpus corpus)
    {
        var entries = corpus.Entries.Where(e => request.Shard.Has(e.Name)).ToList();
        var places = Enumerable.Range(0, entries.Count).Select(i => (ulong)i).ToList();
        var campaign = new Campaign("corpus", places, request.Jobs, () => new SeedWorker(place => entries[(int)place].Run()));
        var watch = Stopwatch.StartNew();
        var report = new CampaignReport("corpus", Watch(campaign, entries.Count), watch.Elapsed.TotalSeconds);
        output.WriteLine($"corpus      {report.Seeds}: {report.Passed} hold now, {report.Failed} still fail");
        foreach (var group in report.Groups) output.WriteLine($"still fails {group.Failures.Count} of the corpus, the first is {group.Smallest.ReplayFile}: {group.Signature}");
        return report;
    }

    // What does not fit may show only when its instant comes.
    private IReadOnlyList<SeedResult> Watch(Campaign corpus, int entries)
    {
        try
        {
            return ProgressDisplay.Watch(error, "corpus", entries, corpus);
        }
        catch (ReplayException e)
        {
            throw Corpus.Broken(e.Message);
        }
    }

    // One entry per cause is enough: the corpus is run before everything else.
    private void Keep(Corpus corpus, IReadOnlyList<CampaignReport> reports)
    {
        foreach (var group in reports.SelectMany(r => r.Groups)) corpus.Add(choice.Find(group.Smallest.Scenario), group.Smallest, error);
    }

    private void WriteFailures(DirectoryInfo folder, Scenario scenario, CampaignReport report)
    {
        foreach (var failure in report.Groups.SelectMany(g => g.Failures.Take(ReportsPerSignature)))
        {
            var name = $"{scenario.Name}-{failure.Seed}";
            if (!File.Exists(Path.Combine(folder.FullName, name + ".txt"))) FailureFile.Write(folder, name + ".txt", scenario, failure);
            FailureFile.WriteReplay(folder, name, scenario, failure, error);
        }
    }

    // A campaign keeps no traces; the same seed again gives the same run, with them.
    private static SeedResult Retrace(Scenario scenario, SeedResult failure) => failure.FailsAgain
        ? SeedRunner.Run(scenario, failure.Seed, new RunOptions(TraceLines: FailurePrinter.LinesShown))
        : failure;
}
