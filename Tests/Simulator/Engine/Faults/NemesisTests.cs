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
    private static readonly TimeSpan s_untilTheLastSlowByteHasArrived = TimeSpan.FromSeconds(6);

    /// <summary>One of each kind.</summary>
    internal static readonly IReadOnlyList<Fault> All =
    [
        new ProcessCrash(), new PowerLoss(), new Freeze(), new FullPartition(), new OneWayPartition(), new BridgePartition(), new SlowLinks(),
        new ConnectionReset(), new Deafness(), new IsolatedNode(), new SlowDisk(), new StalledDisk(), new ClockJump(), new ClockDrift(), new ClockOffset(), new CrashAtEvent(), new SwizzleClog(),
        new NarrowLinks(), new FullBacklog(), new DelayedRequests(["ping"]), new DroppedRequests(["ping"]), new RepeatedRequests(["ping"]), new FullDisk(),
        new WipedDisk(), new BitRot(), new JunkTail(static files => [.. files.Select(f => f.Path)]), new ReadErrors(), new WriteErrors(), new NameErrors(), new SyncErrors(), new LyingSyncs(), new NoSpaceErrors(), new ShortReads(),
        new ShortWrites(), new MisdirectedWrites(), new GracefulRestart(static _ => { }), new RollingRestart(static _ => { }, ["new"], static (_, _) => { }),
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
        Assert.True(world.World.Faults.ByKind.Count >= 15, "the minute was to be a lively one");
        nemesis.HealAll();
        foreach (var machine in world.World.Machines)
        {
            Assert.Equal((true, true, false), (machine.IsUp, machine.HasPower, machine.Process!.IsFrozen));
            Assert.True(machine.Disk.StalledUntilMicros <= world.World.NowMicros);
            Assert.Equal(1, machine.Disk.SlowFactor);
        }

        var faults = world.World.Faults.Total;
        world.World.RunFor(s_untilTheLastSlowByteHasArrived);

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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_replay_of_what_was_injected_comes_to_the_same_hash(ulong seed)
    {
        var (injected, hash) = Run(seed, script: null);
        Assert.True(injected.Count > 20, "the minute was to be a lively one");
        Assert.Equal(hash, Run(seed, injected).Hash);
        Assert.NotEqual(hash, Run(seed, injected.Skip(1).ToList()).Hash);

        static (IReadOnlyList<PlannedFault> Injected, ulong Hash) Run(ulong seed, IReadOnlyList<PlannedFault>? script)
        {
            var world = new PingWorld("abc", seed);
            var nemesis = new Nemesis(world.World, Profile(world.World));
            if (script is not null) nemesis.Replay(script);
            nemesis.Start();
            world.World.RunFor(TimeSpan.FromSeconds(60));
            nemesis.HealAll();
            world.World.RunFor(TimeSpan.FromSeconds(5));
            Assert.Null(world.World.Failure);
            if (script is not null) Assert.Equal(script, nemesis.Injected);
            return (nemesis.Injected, world.World.Hash);
        }
    }

    [Fact]
    public void An_ambush_strikes_its_target_shortly_after_its_moment_and_at_no_other_time()
    {
        var (world, nemesis) = Lurking(probability: 1);
        nemesis.Notice("dawn", [world["a"]]); // not started yet
        nemesis.Start();
        world.World.RunFor(TimeSpan.FromSeconds(1));
        nemesis.Notice("dusk", [world["a"]]);
        nemesis.Notice("dawn", []);
        world.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(nemesis.Injected);
        var dawn = TimeSpan.FromMicroseconds(world.World.NowMicros);
        nemesis.Notice("dawn", [world["b"]]);
        world.World.RunFor(TimeSpan.FromSeconds(1));
        var struck = Assert.Single(nemesis.Injected);
        Assert.Equal(("freeze", "b"), (struck.Plan.Kind, struck.Plan.Text("machine")));
        Assert.InRange(struck.At - dawn, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void An_ambush_strikes_as_often_as_its_probability_says_and_never_after_the_heal()
    {
        var (world, nemesis) = Lurking(probability: 0.3);
        nemesis.Start();
        for (var moment = 0; moment < 200; moment++)
        {
            nemesis.Notice("dawn", [world["a"]]);
            world.World.RunFor(TimeSpan.FromMilliseconds(50));
        }

        Assert.InRange(nemesis.Injected.Count, 40, 80);
        var struck = nemesis.Injected.Count;
        for (var moment = 0; moment < 20; moment++) nemesis.Notice("dawn", [world["a"]]); // some lie in wait now
        nemesis.HealAll();
        nemesis.Notice("dawn", [world["a"]]);
        world.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(struck, nemesis.Injected.Count);
    }

    [Fact]
    public void A_replay_of_an_ambush_needs_no_moment_and_takes_none()
    {
        var (world, nemesis) = Lurking(probability: 1);
        nemesis.Replay([new(TimeSpan.FromSeconds(1), FaultPlan.Of("freeze", TimeSpan.FromMilliseconds(5), ("machine", "a")))]);
        nemesis.Start();
        nemesis.Notice("dawn", [world["b"]]);
        world.World.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal("a", Assert.Single(nemesis.Injected).Plan.Text("machine"));
    }

    private static (PingWorld World, Nemesis Nemesis) Lurking(double probability)
    {
        var world = new PingWorld("ab");
        var ambush = new Ambush("dawn", new Freeze { Span = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)) }, probability, new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20)));
        var never = new FaultProfile([(new ClockJump(), 1)], world.World.Machines, new(TimeSpan.FromHours(1), TimeSpan.FromHours(1))) { Ambushes = [ambush] };
        return (world, new Nemesis(world.World, never));
    }

    [Fact]
    public void What_one_fault_draws_does_not_move_the_next_ones()
    {
        Assert.Equal(Instants(new ClockJump()), Instants(new DrawsMuch()));

        static IEnumerable<TimeSpan> Instants(Fault fault)
        {
            var world = new PingWorld("ab");
            var nemesis = new Nemesis(world.World, new FaultProfile([(fault, 1)], world.World.Machines, new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2))));
            nemesis.Start();
            world.World.RunFor(TimeSpan.FromSeconds(20));
            Assert.True(nemesis.Injected.Count > 5);
            return nemesis.Injected.Select(f => f.At).ToList();
        }
    }

    [Fact]
    public void A_planned_fault_that_does_not_fit_the_state_of_the_world_is_left_out()
    {
        var world = new PingWorld("ab");
        var crash = FaultPlan.Of("process-crash", TimeSpan.FromSeconds(10), ("machine", "a"), ("outcome", "1"));
        var nemesis = new Nemesis(world.World, Profile(world.World));
        nemesis.Replay([new(TimeSpan.FromSeconds(1), crash), new(TimeSpan.FromSeconds(5), crash)]);
        nemesis.Start();
        world.World.RunFor(TimeSpan.FromSeconds(20));
        Assert.Equal([TimeSpan.FromSeconds(1)], nemesis.Injected.Select(f => f.At));
        Assert.Equal(2, world["a"].Incarnations);
    }

    [Theory]
    [InlineData("no-such-fault", "", "No fault of this run is of the kind 'no-such-fault'.")]
    [InlineData("disk-slow", "factor=5", "A planned fault of kind 'disk-slow' lacks its parameter 'machine'.")]
    [InlineData("disk-slow", "machine=a factor=much", "A planned fault of kind 'disk-slow' does not fit: its parameter 'factor' with 'much' is no whole number.")]
    [InlineData("disk-slow", "machine=a factor=0", "A planned fault of kind 'disk-slow' does not fit: its parameter 'factor' with '0' must lie between 1 and 1000000.")]
    [InlineData("freeze", "machine=z", "A planned fault of kind 'freeze' does not fit: its parameter 'machine' with 'z' names no machine of this world.")]
    [InlineData("slow-links", "links=a>b extraMicros=900000000000000000", "A planned fault of kind 'slow-links' does not fit: its parameter 'extraMicros' with '900000000000000000' must be a number of microseconds from 0 to 366 days.")]
    [InlineData("rolling-restart", "machines=a,b,a configurations=new,new,new stepMicros=900000000000000000", "A planned fault of kind 'rolling-restart' does not fit: its parameter 'stepMicros' with '900000000000000000' must be a number of microseconds from 0 to 366 days.")]
    [InlineData("slow-links", "links=a-b extraMicros=1", "A planned fault of kind 'slow-links' does not fit: its parameter 'links' with 'a-b' is not of the form 'from>to'.")]
    public void A_malformed_plan_is_refused_with_what_is_wrong(string kind, string parameters, string message)
    {
        var world = new PingWorld("ab");
        var pairs = parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).Select(p => (p[0], p[1])).ToArray();
        var nemesis = new Nemesis(world.World, Profile(world.World));
        var error = Assert.Throws<FaultPlanException>(() =>
        {
            nemesis.Replay([new(TimeSpan.FromSeconds(1), FaultPlan.Of(kind, TimeSpan.FromSeconds(1), pairs))]);
            nemesis.Start();
            world.World.RunFor(TimeSpan.FromSeconds(2));
        });
        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("partition-full", "left=a right=b", 1)]
    [InlineData("process-crash", "machine=a outcome=1", 2)]
    [InlineData("disk-stall", "machine=a", 1)]
    [InlineData("freeze", "machine=a", 1)]
    [InlineData("clock-offset", "machine=a byMicros=1000000", 1)]
    public void A_fault_that_could_last_and_lasts_no_time_ends_in_its_instant(string kind, string parameters, int incarnations)
    {
        var world = new PingWorld("ab");
        var pairs = parameters.Split(' ').Select(p => p.Split('=')).Select(p => (p[0], p[1])).ToArray();
        var nemesis = new Nemesis(world.World, Profile(world.World));
        nemesis.Replay([new(TimeSpan.FromSeconds(1), FaultPlan.Of(kind, TimeSpan.Zero, pairs))]);
        nemesis.Start();
        world.World.RunFor(TimeSpan.FromSeconds(4));
        Assert.Equal(kind, Assert.Single(nemesis.Injected).Plan.Kind);
        Assert.Empty(nemesis.InForce);
        Assert.Equal("a>b b>a", world.HeardWithin(TimeSpan.FromSeconds(1)));
        Assert.Equal((true, incarnations), (world["a"].IsUp, world["a"].Incarnations));
        Assert.Equal(world["b"].Clock.WallMillis, world["a"].Clock.WallMillis);
        Assert.True(world.TimeOfWrite("a") < TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(400, 0)]
    [InlineData(0, 400)]
    public void No_instant_and_no_duration_lies_beyond_a_year(int atDays, int forDays)
    {
        var world = new PingWorld("ab");
        var plan = FaultPlan.Of("freeze", TimeSpan.FromDays(forDays), ("machine", "a"));
        var error = Assert.Throws<FaultPlanException>(() => new Nemesis(world.World, Profile(world.World)).Replay([new(TimeSpan.FromDays(atDays), plan)]));
        Assert.Equal("A planned fault of kind 'freeze' has an instant or duration of more than 366 days.", error.Message);
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
            Assert.InRange(kinds.Count, atLeast, All.Count);
            Assert.Equal(kinds.Count, kinds.Distinct().Count());
            drawn.Add(string.Join(',', kinds.Order(StringComparer.Ordinal)));
        }

        if (atLeast < All.Count) Assert.True(drawn.Count > 50, $"100 seeds drew only {drawn.Count} different swarms");
    }

    private static FaultProfile Profile(SimWorld world) =>
        new(All.Select(f => (f, 1)).ToList(), world.Machines, new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2)));

    private sealed class DrawsMuch : Fault
    {
        public override string Kind => "draws-much";

        public override FaultPlan? Plan(SimWorld world, IReadOnlyList<SimMachine> targets, RandomStream random)
        {
            for (var i = 0; i < 10; i++) random.NextUInt64();
            return FaultPlan.Of(Kind, TimeSpan.Zero);
        }

        public override FaultHandle? Apply(SimWorld world, FaultPlan plan) => FaultHandle.Instant("nothing");
    }
}
