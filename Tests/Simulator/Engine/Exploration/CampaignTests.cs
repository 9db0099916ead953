using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine.Exploration;
using Tests.tools.Sim;
using Xunit;

namespace Tests.Simulator.Engine.Exploration;

/// <summary>Many seeds on several threads: each seed is a world of its own, so nothing depends on how many threads there are or on what ran before.</summary>
public class CampaignTests
{
    private static readonly IReadOnlyList<ulong> s_seeds = [.. Enumerable.Range(1, 60).Select(i => (ulong)i)];

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void Results_come_in_the_order_of_the_seeds_and_do_not_depend_on_the_number_of_jobs(int jobs)
    {
        var alone = Run(jobs: 1);
        var together = Run(jobs);
        Assert.Equal(s_seeds, together.Select(r => r.Seed));
        Assert.Equal(alone.Select(Essence), together.Select(Essence));
        Assert.Equal(20, together.Count(r => !r.Passed));
    }

    [Fact]
    public void The_result_of_a_seed_does_not_depend_on_what_ran_before_it_in_this_process()
    {
        var scenario = new ToyScenario();
        var first = Essence(SeedRunner.Run(scenario, 5));
        foreach (var seed in s_seeds) SeedRunner.Run(scenario, seed, new RunOptions(TraceLines: 10, Traffic: true, EventHashes: true));
        Assert.Equal(first, Essence(SeedRunner.Run(scenario, 5)));
        Assert.Equal(first, Essence(SeedRunner.Run(new ToyScenario(), 5)));
    }

    [Fact]
    public void What_is_kept_of_a_run_does_not_change_it()
    {
        var scenario = new ToyScenario();
        var bare = SeedRunner.Run(scenario, 5);
        var full = SeedRunner.Run(scenario, 5, new RunOptions(TraceLines: int.MaxValue, Traffic: true, EventHashes: true));
        Assert.Equal(Essence(bare), Essence(full));
        Assert.Empty(bare.Trace);
        Assert.Equal(full.Events, full.EventHashes.Count);
        Assert.NotEmpty(full.Trace);
    }

    [Fact]
    public void Seeds_differ()
    {
        var hashes = Run(jobs: 2).Select(r => r.Hash).ToList();
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    [Fact]
    public void A_leaky_scenario_fails_every_seed_that_is_checked()
    {
        var results = new Campaign(new ToyScenario(leaks: true), [1, 2], jobs: 1, check: true).Run();
        Assert.All(results, r => Assert.Equal("determinism", r.Failure?.Property));
    }

    [Fact]
    public void A_seed_that_cannot_be_prepared_fails_with_the_reason_and_the_others_go_on()
    {
        var broken = new ToyScenario(breaks: seed => seed == 3 ? throw new FormatException("no such topology") : false);
        var results = new Campaign(broken, s_seeds, jobs: 2, check: false).Run();
        var failed = Assert.Single(results, r => !r.Passed);
        Assert.Equal((3UL, SeedRunner.BrokenScenario, 60), (failed.Seed, failed.Failure!.Property, results.Count));
        Assert.Contains("no such topology", failed.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_seeds_fault_ends_the_campaign_as_it_was_thrown_and_no_more_seeds_are_begun()
    {
        var begun = 0;
        ISeedWorker Worker() => new SeedWorker(seed => ++begun == 2 ? throw new FormatException("no more paper") : SeedRunner.Run(new ToyScenario(), seed));
        var error = Assert.Throws<FormatException>(() => new Campaign("toy", s_seeds, jobs: 1, Worker).Run());
        Assert.Equal(("no more paper", 2), (error.Message, begun));
    }

    private static IReadOnlyList<SeedResult> Run(int jobs)
    {
        var campaign = new Campaign(new ToyScenario(breaks: seed => seed % 3 == 0), s_seeds, jobs, check: false);
        var results = campaign.Run();
        Assert.Equal((s_seeds.Count, results.Count(r => !r.Passed)), (campaign.Done, campaign.Failed));
        return results;
    }

    private static (ulong, ulong, long, double, string?, long, long) Essence(SeedResult result) =>
        (result.Seed, result.Hash, result.Events, result.SimulatedSeconds, result.Failure?.ToString(), result.Faults.Values.Sum(), result.Metrics["counted"]);
}
