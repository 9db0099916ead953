using System.Linq;
using Scenarios.Plans;
using Scenarios.Running;
using Simulator.Engine.Exploration;
using Xunit;

namespace Tests.Scenarios.Plans;

/// <summary>The default scenario holds, is the same twice, and is busy enough for that to mean something.</summary>
public class ReplicationPlanTests(ReplicationSeeds seeds) : IClassFixture<ReplicationSeeds>
{
    public static TheoryData<ulong> AllSeeds => [.. Enumerable.Range(1, ReplicationSeeds.Count).Select(i => (ulong)i)];

    /// <summary>A difference between the two runs would be a failure of property "determinism".</summary>
    [Theory]
    [MemberData(nameof(AllSeeds))]
    public void A_seed_run_twice_goes_the_same_way_and_every_property_holds(ulong seed)
    {
        var result = ResultOf(seed);
        Assert.True(result.Passed, $"{result.Failure?.Property}: {result.Failure?.Message}\nreplay: dotnet run --project tools/Sim -c Release -- replay replication {seed}");
        Assert.True(result.Metrics["acknowledgedRecords"] > 0);
    }

    [Fact]
    public void The_faults_of_a_seed_replayed_from_their_list_lead_the_same_way()
    {
        var drawn = seeds.Results[0];
        Assert.Equal(drawn.Faults.Values.Sum(), drawn.Injected.Count);
        Assert.Equal(drawn.Hash, SeedRunner.Run(new ClusterScenario(ReplicationPlan.Plan), drawn.Seed, new RunOptions(Faults: drawn.Injected)).Hash);
    }

    [Fact]
    public void Each_seed_goes_a_way_of_its_own()
    {
        Assert.Equal(ReplicationSeeds.Count, seeds.Results.Select(r => r.Hash).Distinct().Count());
        Assert.Equal(ReplicationSeeds.Count, seeds.Results.Select(r => string.Join(',', r.Configuration)).Distinct().Count());
    }

    [Fact]
    public void The_median_seed_is_busy()
    {
        Assert.True(seeds.Median(r => r.SimulatedSeconds) >= 120, "seconds simulated");
        Assert.True(seeds.Median(r => r.Metrics["acknowledgedRecords"]) >= 1_000, "records acknowledged");
        Assert.True(seeds.Median(r => r.Faults.Values.Sum()) >= 5, "faults");
        Assert.True(seeds.Median(r => r.Faults.Count) >= 3, "kinds of fault");
        Assert.True(seeds.Median(r => r.Metrics["leaderChanges"]) >= 1, "leader changes");
    }

    private SeedResult ResultOf(ulong seed) => seeds.Results.Single(r => r.Seed == seed);
}
