using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Simulator.Engine.Exploration;
using Simulator.Engine.Simulations;
using Tests.Support;
using tools.Sample.KeyValue;
using Xunit;

namespace Tests.tools.Sample.KeyValue;

public sealed class KeyValueSampleTests
{
    [Fact]
    public void The_store_as_it_should_be_passes_twenty_seeds_twice_each()
    {
        var results = new Campaign(KeyValueSimulation.Scenario(PlantedBug.None), SeedRange.Parse("20"), 2, check: true).Run();
        Assert.All(results, r => Assert.Null(r.Failure));
        Assert.True(results.Select(r => r.Metrics["acknowledged"]).Order().ElementAt(10) > 100);
    }

    [Theory]
    [InlineData(PlantedBug.EarlyAcknowledgement)]
    [InlineData(PlantedBug.StaleRead)]
    public void Each_planted_bug_is_found_within_forty_seeds_because_of_what_clients_saw(PlantedBug bug)
    {
        var scenario = KeyValueSimulation.Scenario(bug);
        var failed = SeedRange.Parse("40").Select(seed => SeedRunner.Run(scenario, seed)).First(r => !r.Passed);
        Assert.Equal("linearizable", failed.Failure!.Property);
    }

    [Fact]
    public async Task The_same_store_runs_over_real_sockets()
    {
        using var folder = new TempDirectory();
        var addresses = global::tools.Sample.KeyValue.RealCluster.Addresses(FreePorts.Several(6));
        await using var world = global::tools.Sample.KeyValue.RealCluster.Start(addresses, folder.Path, NullLoggerFactory.Instance);
        var read = await global::tools.Sample.KeyValue.RealCluster.WriteAndReadAsync(addresses, "greeting", "hello", NullLoggerFactory.Instance).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("hello", read);
    }
}
