using System;
using System.Collections.Generic;
using System.Linq;
using Scenarios.Zoo;
using Simulator.Engine.Exploration;
using tools.Sim.Reports;

namespace tools.Sim.Zoo;

/// <summary>What came of the hunt for one planted bug.</summary>
internal sealed class MutantReport
{
    public MutantReport(Mutant mutant, Quarry quarry)
    {
        Mutant = mutant;
        Crash = quarry.Crash;
        WorkSeconds = quarry.WorkSeconds;
        var results = quarry.Results;
        Rate = new KillRate(quarry.Kills, results.Count);
        FoundNondeterminism = results.Any(r => r.IsNondeterminism);
        FirstKill = results.FirstOrDefault(r => !r.Passed);
        SeedsToKill = FirstKill is null ? null : results.TakeWhile(r => r.Passed).Count() + 1;
        Properties = results.Where(r => !r.Passed).GroupBy(r => r.Failure!.Property, StringComparer.Ordinal)
            .Select(g => (Property: g.Key, Kills: g.Count())).OrderByDescending(p => p.Kills).ThenBy(p => p.Property, StringComparer.Ordinal).ToList();
    }

    public Mutant Mutant { get; }

    public bool Killed => FirstKill is not null;

    /// <summary>The first seed's result that killed it, or null.</summary>
    public SeedResult? FirstKill { get; }

    /// <summary>Seeds up to the first kill, that one included.</summary>
    public int? SeedsToKill { get; }

    public KillRate Rate { get; }

    /// <summary>Which properties killed it in how many seeds, the most frequent first. A run ends with the first property that breaks.</summary>
    public IReadOnlyList<(string Property, int Kills)> Properties { get; }

    /// <summary>True if a run left its loop: then nothing that it shows can be relied upon.</summary>
    public bool FoundNondeterminism { get; }

    /// <summary>Why its hunt ended before its time, if so.</summary>
    public string? Crash { get; }

    public double WorkSeconds { get; }
}

/// <summary>The clean build in one scenario over the same seeds: whatever fails is a false alarm, or a bug of ours.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Campaign">Its runs.</param>
/// <param name="Crash">Why they ended before their time, if so.</param>
internal sealed record CleanReport(Scenario Scenario, CampaignReport Campaign, string? Crash);

/// <summary>The whole zoo.</summary>
/// <param name="Mutants">The planted bugs.</param>
/// <param name="Clean">The clean build in each of their scenarios; empty if it was not asked for.</param>
/// <param name="Seeds">Seeds that each could survive.</param>
/// <param name="KillsWanted">Kills after which a hunt was over; 0 for none.</param>
/// <param name="WallSeconds">How long all of it took.</param>
internal sealed record ZooReport(IReadOnlyList<MutantReport> Mutants, IReadOnlyList<CleanReport> Clean, int Seeds, int KillsWanted, double WallSeconds)
{
    public int ExitCode
    {
        get
        {
            if (Clean.Any(c => c.Campaign.FoundNondeterminism) || Mutants.Any(m => m.FoundNondeterminism)) return ExitCodes.Nondeterminism;
            var isClean = Clean.All(c => c is { Campaign.Failed: 0, Crash: null });
            return isClean && Mutants.All(m => m.Killed && m.Crash is null) ? ExitCodes.AllHeld : ExitCodes.PropertyFailed;
        }
    }
}
