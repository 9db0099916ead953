using System;
using System.Collections.Generic;
using System.Linq;
using Scenarios.Cluster;
using Scenarios.Zoo;
using Simulator.Engine.Exploration;
using Simulator.Engine.Replay;
using Xunit;

namespace Tests.Scenarios.Running;

/// <summary>A run of the replication scenario is written down wholly: options, faults, operations and the starts of the streams.</summary>
public class RecordedRunTests
{
    private static readonly Lazy<ReplayFile> s_file = new(() => Recorder.Record(Scenario, Seed, "abc", mutant: 1));

    private const ulong Seed = 3;

    private static Scenario Scenario => BugZoo.Mutants.Single(m => m.Id == 1).Scenario;

    [Fact]
    public void It_replays_to_the_hash_of_its_seed_and_a_cut_of_it_is_another_run()
    {
        var file = s_file.Value;
        var grown = SeedRunner.Run(Scenario, Seed);
        Assert.False(grown.Passed);
        Assert.Equal((grown.Hash, grown.Failure!.Property), (file.Hash, file.Failure!.Property));
        var cut = file.Script with { Operations = file.Script.Operations.Where(o => o.Actor != "consumer-2").ToList() };
        Assert.NotEqual(file.Hash, SeedRunner.Replay(Scenario, cut).Hash);
    }

    [Fact]
    public void Its_configuration_is_the_swarm_that_the_seed_drew()
    {
        var swarm = Swarm.Of(s_file.Value.Script.Configuration);
        Assert.Equal(s_file.Value.Script.Configuration, swarm.Describe());
        Assert.Equal(swarm, Swarm.Of(swarm.Describe()));
    }

    [Theory]
    [InlineData("partitions", "0", "must be a whole number from 1 to 100")]
    [InlineData("partitions", "many", "must be a whole number from 1 to 100")]
    [InlineData("powerLoss", "perhaps", "must be one of: yes, no")]
    [InlineData("sendPauseMicros", "5", "must be of the form 'min..max'")]
    [InlineData("sendPauseMicros", "5..900000000000000000", "must be a whole number of microseconds, at most 366 days")]
    [InlineData("moons", "2", "has a value 'moons' that nothing knows")]
    public void An_edited_configuration_that_makes_no_sense_is_refused(string name, string value, string complaint)
    {
        var configuration = new Dictionary<string, string>(s_file.Value.Script.Configuration) { [name] = value };
        Assert.Contains(complaint, Assert.Throws<ReplayException>(() => Swarm.Of(configuration)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("producer-9", "send", "no client of this scenario is called so and can do that")]
    [InlineData("producer-1", "seek", "no client of this scenario is called so and can do that")]
    [InlineData("producer-1", "send", "lacks the value 'partition'")]
    public void An_edited_operation_that_makes_no_sense_is_refused(string actor, string what, string complaint)
    {
        var script = s_file.Value.Script with { Operations = [PlannedOperation.Of(TimeSpan.Zero, actor, what)] };
        Assert.Contains(complaint, Assert.Throws<ReplayException>(() => SeedRunner.Replay(Scenario, script)).Message, StringComparison.Ordinal);
    }
}
