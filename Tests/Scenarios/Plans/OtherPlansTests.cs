using System.Linq;
using Scenarios;
using Simulator.Engine.Exploration;
using Xunit;

namespace Tests.Scenarios.Plans;

/// <summary>Every scenario besides the default holds on its first seeds, goes the same way twice and does what it is about.</summary>
public class OtherPlansTests
{
    private const int SeedsEach = 2;

    public static TheoryData<string, ulong> Seeds
    {
        get
        {
            var data = new TheoryData<string, ulong>();
            foreach (var scenario in Catalogue.All.Skip(1))
            {
                for (ulong seed = 1; seed <= SeedsEach; seed++) data.Add(scenario.Name, seed);
            }

            return data;
        }
    }

    /// <summary>A difference between the two runs would be a failure of property "determinism".</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_seed_run_twice_goes_the_same_way_and_every_property_holds(string scenario, ulong seed)
    {
        var result = DeterminismCheck.RunTwice(Catalogue.All.Single(s => s.Name == scenario), seed, watchThreadPool: false);
        Assert.True(result.Passed, $"{result.Failure?.Property}: {result.Failure?.Message}\nreplay: dotnet run --project tools/Sim -c Release -- replay {scenario} {seed}");
        Assert.True(result.Metrics["acknowledgedRecords"] > 0);
        Assert.NotEmpty(result.Injected);
    }
}
