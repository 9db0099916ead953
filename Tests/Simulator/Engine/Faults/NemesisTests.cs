using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine;
using Simulator.Engine.Faults;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine.Faults;

/// <summary>Whoever chooses the faults: variety while it is at work, and nothing left in force afterwards.</summary>
public class NemesisTests
{
    private static readonly TimeSpan s_longestThatRunsOut = TimeSpan.FromSeconds(15); // a freeze; stalls are shorter

    private static readonly IReadOnlyList<Fault> s_all =
    [
        new ProcessCrash(), new PowerLoss(), new Freeze(), new FullPartition(), new OneWayPartition(), new BridgePartition(), new SlowLinks(),
        new ConnectionReset(), new SlowDisk(), new StalledDisk(), new ClockJump(), new ClockDrift(),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void After_the_heal_nothing_is_in_force(ulong seed)
    {
        var world = new PingWorld("abc", seed);
        var nemesis = new Nemesis(world.World, Profile(world.World));
        nemesis.Start();
        world.World.RunFor(TimeSpan.FromSeconds(60));
        Assert.True(world.World.Faults.ByKind.Count >= 10, "the minute was to be a lively one");
        nemesis.HealAll();
        var faults = world.World.Faults.Total;
        world.World.RunFor(s_longestThatRunsOut);

        Assert.Equal("a>b a>c b>a b>c c>a c>b", world.HeardWithin(TimeSpan.FromSeconds(2)));
        Assert.True(world.SlowestWithin(TimeSpan.FromSeconds(2)) < TimeSpan.FromMilliseconds(5));
        Assert.False(world.World.Buggify.IsOn);
        Assert.Equal(faults, world.World.Faults.Total);
        foreach (var machine in world.World.Machines)
        {
            Assert.Equal((true, true, false), (machine.IsUp, machine.HasPower, machine.Process!.IsFrozen));
            Assert.Equal(0, machine.Clock.DriftPpm);
            Assert.Equal(world.World.Options.WallEpochMillis + (world.World.NowMicros / 1000), machine.Clock.WallMillis);
            Assert.True(world.TimeOfWrite(machine.Name) <= world.World.Options.DiskLatency.Max);
        }
    }

    [Fact]
    public void Only_the_targets_are_hit()
    {
        var world = new PingWorld("abc");
        var profile = Profile(world.World) with { Kinds = [(new ProcessCrash(), 1)], Targets = [world["b"]] };
        new Nemesis(world.World, profile).Start();
        world.World.RunFor(TimeSpan.FromSeconds(60));
        Assert.Equal((1, 1), (world["a"].Process!.Incarnation, world["c"].Process!.Incarnation));
        Assert.True(world.World.Faults.Total > 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(12)]
    public void A_swarm_draws_other_kinds_for_each_seed_and_at_least_as_many_as_asked(int atLeast)
    {
        var world = new SimWorld(1);
        var drawn = new HashSet<string>(StringComparer.Ordinal);
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var kinds = Profile(world).Swarm(RandomStream.Named(seed, "swarm"), atLeast).Kinds.Select(k => k.Fault.Kind).ToList();
            Assert.InRange(kinds.Count, atLeast, s_all.Count);
            Assert.Equal(kinds.Count, kinds.Distinct().Count());
            drawn.Add(string.Join(',', kinds.Order(StringComparer.Ordinal)));
        }

        if (atLeast < s_all.Count) Assert.True(drawn.Count > 50, $"100 seeds drew only {drawn.Count} different swarms");
    }

    private static FaultProfile Profile(SimWorld world) =>
        new(s_all.Select(f => (f, 1)).ToList(), world.Machines, new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2)));
}
