using System.Collections.Generic;
using System.Linq;
using Scenarios.Plans;
using Scenarios.Running;
using Simulator.Engine.Exploration;
using Xunit;

namespace Tests.Scenarios.Plans;

/// <summary>What the disks of the log-recovery scenario go through.</summary>
public class LogRecoveryPlanTests
{
    private const ulong MostSeeds = 20;

    [Fact]
    public void Disks_of_brokers_in_no_ISR_are_exchanged_others_are_not_and_nothing_is_lost()
    {
        var results = new List<SeedResult>();
        for (ulong seed = 1; seed <= MostSeeds && !(Any(r => r.FaultEffects, "disk-wiped") && Any(r => r.FaultVetoes, "disk-wipe") && Any(r => r.Sometimes, "broker with an empty disk came back into the ISR")); seed++)
        {
            results.Add(SeedRunner.Run(new ClusterScenario(LogRecoveryPlan.Plan), seed));
        }

        Assert.All(results, r => Assert.True(r.Passed, $"seed {r.Seed}: {r.Failure?.Property}: {r.Failure?.Message}"));
        Assert.True(Any(r => r.FaultEffects, "disk-wiped"), "a disk was to be exchanged");
        Assert.True(Any(r => r.FaultVetoes, "disk-wipe"), "another was to be kept");
        Assert.True(Any(r => r.Sometimes, "broker with an empty disk came back into the ISR"), "its broker was to come back");

        bool Any(System.Func<SeedResult, IReadOnlyDictionary<string, long>> counts, string what) => results.Exists(r => counts(r).GetValueOrDefault(what) > 0);
    }

    [Fact]
    public void Of_two_log_directories_one_fails_alone_and_disks_become_full_and_nothing_is_lost()
    {
        string[] awaited = ["broker served on after one of its log directories had failed", "failure of one log directory moved a leader"];
        var results = new List<SeedResult>();
        for (ulong seed = 1; seed <= MostSeeds && !(awaited.All(a => Any(r => r.Sometimes, a)) && Any(r => r.FaultEffects, "disk-full")); seed++)
        {
            results.Add(SeedRunner.Run(new ClusterScenario(LogRecoveryPlan.Plan), seed));
        }

        Assert.All(results, r => Assert.True(r.Passed, $"seed {r.Seed}: {r.Failure?.Property}: {r.Failure?.Message}"));
        Assert.All(awaited, a => Assert.True(Any(r => r.Sometimes, a), a));
        Assert.True(Any(r => r.FaultEffects, "disk-full"), "a write was to find no room");

        bool Any(System.Func<SeedResult, IReadOnlyDictionary<string, long>> counts, string what) => results.Exists(r => counts(r).GetValueOrDefault(what) > 0);
    }

    [Fact]
    public void Failing_syncs_are_not_vetoed_since_nothing_counts_that_was_not_synced()
    {
        var results = Enumerable.Range(1, 6).Select(seed => SeedRunner.Run(new ClusterScenario(LogRecoveryPlan.Plan), (ulong)seed)).ToList();
        Assert.Contains(results, r => r.FaultEffects.GetValueOrDefault("sync-error") > 0);
        Assert.All(results, r => Assert.DoesNotContain("disk-sync-error", r.FaultVetoes.Keys));
    }
}
