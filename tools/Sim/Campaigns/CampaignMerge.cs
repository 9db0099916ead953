using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Simulator.Engine.Exploration;
using tools.Sim.Reports;

namespace tools.Sim.Campaigns;

/// <summary>
/// The shards of a campaign as one: what an unsharded run of the same seeds would have given. Refuses what does not belong together or
/// is not whole, and writes nothing then.
/// </summary>
internal sealed class CampaignMerge
{
    private readonly List<(string Folder, CampaignHeader Header)> _shards;

    /// <summary>Reads the headers of the folders. A folder that is no campaign itself stands for the campaigns in its folders.</summary>
    /// <exception cref="UsageException">One is no campaign, or they are of different code, scenarios or seeds.</exception>
    public CampaignMerge(IEnumerable<string> folders)
    {
        _shards = folders.SelectMany(Campaigns).Select(f => (f, CampaignHeader.Read(f))).ToList();
        var (first, header) = _shards[0];
        foreach (var (folder, other) in _shards)
        {
            if (other.DifferenceFrom(header) is { } difference) throw new UsageException($"The folder {folder} holds results of {difference} as in {first}: merge shards of one campaign.");
            if (!other.IsOneCodeWith(header)) throw new UsageException($"The folders {first} and {folder} hold results of two builds that commit {header.Commit} does not tell apart: run all shards with one build.");
        }
    }

    /// <summary>Commit of the build that gave the results.</summary>
    public string Commit => _shards[0].Header.Commit;

    /// <summary>A report per scenario; its wall time is the sum over the seeds.</summary>
    /// <exception cref="UsageException">Shards are missing or not finished, or a line is damaged.</exception>
    /// <exception cref="SeedsDifferException">One seed has two results.</exception>
    public IReadOnlyList<CampaignReport> Join()
    {
        EnsureAllShards();
        var joined = new Dictionary<(string Scenario, ulong Seed), (SeedResult Result, string Folder)>();
        foreach (var (folder, header) in _shards)
        {
            var results = CampaignFolder.Read(folder);
            foreach (var result in results) Add(joined, result, folder);
            EnsureFinished(folder, header, results);
        }

        return _shards[0].Header.Scenarios.Select(s => Report(s, joined)).ToList();
    }

    private static CampaignReport Report(string scenario, Dictionary<(string Scenario, ulong Seed), (SeedResult Result, string Folder)> joined)
    {
        var results = joined.Values.Select(v => v.Result).Where(r => r.Scenario == scenario).OrderBy(r => r.Seed).ToList();
        return new CampaignReport(scenario, results, results.Sum(r => r.WallSeconds));
    }

    private static void Add(Dictionary<(string Scenario, ulong Seed), (SeedResult Result, string Folder)> joined, SeedResult result, string folder)
    {
        var key = (result.Scenario, result.Seed);
        if (joined.TryAdd(key, (result, folder))) return;
        var (other, where) = joined[key];
        if (other.Hash != result.Hash || other.Events != result.Events || other.Failure?.Property != result.Failure?.Property)
        {
            throw new SeedsDifferException($"Seed {result.Seed} of {result.Scenario} ended in hash {SummaryPrinter.Hex(other.Hash)} in {where} and in {SummaryPrinter.Hex(result.Hash)} in {folder}: run it with --check.");
        }
    }

    private static IEnumerable<string> Campaigns(string folder)
    {
        if (!Directory.Exists(folder)) throw new UsageException($"There is no folder {folder}: name the folders that were given to --out.");
        if (File.Exists(Path.Combine(folder, CampaignHeader.FileName))) return [folder];
        var below = Directory.GetDirectories(folder).Where(f => File.Exists(Path.Combine(f, CampaignHeader.FileName))).Order(StringComparer.Ordinal).ToList();
        return below.Count > 0 ? below : [folder];
    }

    private static void EnsureFinished(string folder, CampaignHeader header, IReadOnlyList<SeedResult> results)
    {
        var wanted = Shard.Parse(header.Shard).Of(SeedSelection.Parse(header.Seeds));
        foreach (var scenario in header.Scenarios)
        {
            var have = results.Where(r => r.Scenario == scenario).Select(r => r.Seed).ToHashSet();
            var left = wanted.Count(s => !have.Contains(s));
            if (left > 0) throw new UsageException($"Shard {header.Shard} in {folder} has not ended, {left} of {wanted.Count} seeds of {scenario} are left: go on with it by --resume.");
        }
    }

    // Parts of different sizes may overlap; what counts is that together they are the whole.
    private void EnsureAllShards()
    {
        var shards = _shards.Select(s => Shard.Parse(s.Header.Shard)).ToList();
        if (shards.Contains(Shard.Whole)) return;
        var count = shards[0].Count;
        if (shards.Find(s => s.Count != count) is { } odd) throw new UsageException($"Shards {shards[0]} and {odd} are parts of different divisions: merge the shards of one.");
        var missing = Enumerable.Range(1, count).Except(shards.Select(s => s.Index)).Select(i => $"{i}/{count}").ToList();
        if (missing.Count > 0) throw new UsageException($"{(missing.Count == 1 ? "Shard" : "Shards")} {string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} missing: run {(missing.Count == 1 ? "it" : "them")}, or name {(missing.Count == 1 ? "its folder" : "their folders")} too.");
    }
}

/// <summary>One seed has two results: nondeterminism. The message is one sentence.</summary>
internal sealed class SeedsDifferException(string message) : Exception(message);
