using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine;
using Simulator.Engine.Exploration;

namespace tools.Sim.Reports;

/// <summary>The figures of a campaign: sums, medians per seed, faults by kind.</summary>
internal sealed class CampaignReport(string scenario, IReadOnlyList<SeedResult> results, double wallSeconds)
{
    public string Scenario => scenario;

    public IReadOnlyList<SeedResult> Results => results;

    public double WallSeconds => wallSeconds;

    public int Seeds => results.Count;

    public IReadOnlyList<SeedResult> Failures { get; } = results.Where(r => !r.Passed).ToList();

    public int Failed => Failures.Count;

    public int Passed => Seeds - Failed;

    public bool FoundNondeterminism => Failures.Any(f => f.IsNondeterminism);

    public long Events => results.Sum(r => r.Events);

    public double SimulatedSeconds => results.Sum(r => r.SimulatedSeconds);

    /// <summary>Over all seeds' hashes in seed order.</summary>
    public ulong Hash
    {
        get
        {
            var hash = default(RunHash);
            foreach (var result in results) hash.Add(result.Hash);
            return hash.Value;
        }
    }

    /// <summary>Failures of one signature each, the most frequent first.</summary>
    public IReadOnlyList<FailureGroup> Groups => field ??= FailureGroup.Of(Failures);

    /// <summary>Hits of each kind of fault that a run could see.</summary>
    public IReadOnlyDictionary<string, long> FaultsByKind => field ??= Sum(results.SelectMany(r => r.Faults).Concat(results.SelectMany(r => r.FaultKinds).Select(k => KeyValuePair.Create(k, 0L))));

    /// <summary>What the faults did now and then, and what they could have done and did not.</summary>
    public IReadOnlyDictionary<string, long> Effects => field ??= Sum(results.SelectMany(r => r.FaultEffects));

    /// <summary>Faults by kind that were kept from destroying what must survive. A kind without any is none the worse for it.</summary>
    public IReadOnlyDictionary<string, long> Vetoes => field ??= Sum(results.SelectMany(r => r.FaultVetoes));

    /// <summary>Hits of each buggify point.</summary>
    public IReadOnlyDictionary<string, long> Buggify => field ??= Sum(results.SelectMany(r => r.Buggify));

    /// <summary>Hits of each rare situation.</summary>
    public IReadOnlyDictionary<string, long> Sometimes => field ??= Sum(results.SelectMany(r => r.Sometimes));

    /// <summary>What was never hit over all seeds: "fault disk-bit-rot", "effect block-torn", "sometimes session expired", ….</summary>
    public IReadOnlyList<string> Cold => [.. ColdOf("fault", FaultsByKind), .. ColdOf("effect", Effects), .. ColdOf("buggify", Buggify), .. ColdOf("sometimes", Sometimes)];

    public double MedianSimulatedSeconds => Median(r => r.SimulatedSeconds);

    public double MedianFaults => Median(r => r.Faults.Values.Sum());

    public double MedianFaultKinds => Median(r => r.Faults.Count);

    public double MedianOf(string metric) => Median(r => r.Metrics.GetValueOrDefault(metric));

    public double Median(Func<SeedResult, double> figure)
    {
        var sorted = results.Select(figure).Order().ToArray();
        if (sorted.Length == 0) return 0;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static IEnumerable<string> ColdOf(string what, IReadOnlyDictionary<string, long> hits) => hits.Where(h => h.Value == 0).Select(h => $"{what} {h.Key}");

    private static SortedDictionary<string, long> Sum(IEnumerable<KeyValuePair<string, long>> counts)
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, count) in counts) sums[name] = sums.GetValueOrDefault(name) + count;
        return sums;
    }
}
