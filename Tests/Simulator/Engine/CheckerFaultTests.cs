using System;
using System.Collections.Generic;
using System.Globalization;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Properties;
using Simulator.Engine.Replay;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine;

/// <summary>What a checker does wrong, and what surrounds a run, must not reach beyond the run.</summary>
public class CheckerFaultTests
{
    [Fact]
    public void An_observer_that_throws_fails_its_seed_and_not_the_campaign()
    {
        var results = new Campaign(new Planted(observe: static () => throw new FormatException("unreadable")), [1, 2], jobs: 1, check: false).Run();
        Assert.All(results, r => Assert.Equal("observation", r.Failure?.Property));
    }

    [Fact]
    public void A_property_that_throws_fails_its_seed_and_not_the_campaign()
    {
        var results = new Campaign(new Planted(find: static () => throw new FormatException("unreadable")), [1, 2], jobs: 1, check: false).Run();
        Assert.All(results, r => Assert.Equal("planted", r.Failure?.Property));
    }

    [Fact]
    public void A_checker_whose_verdict_does_not_follow_from_the_seed_is_found_by_running_twice()
    {
        var calls = 0;
        var scenario = new Planted(atEnd: () => calls++ == 0 ? "only once" : null);
        Assert.Equal("determinism", DeterminismCheck.RunTwice(scenario, 1).Failure?.Property);
    }

    [Fact]
    public void A_system_that_is_well_only_for_moments_has_not_recovered()
    {
        Assert.True(SeedRunner.Run(new Planted(recovered: static _ => true), 1).Passed);
        Assert.Equal("no-recovery", SeedRunner.Run(new Planted(recovered: static w => w.NowMicros / 1_000_000 % 2 == 0), 1).Failure?.Property);
    }

    [Fact]
    public void A_recovery_that_cannot_be_told_yet_is_awaited_and_told_at_the_limit_of_time()
    {
        Assert.Null(SeedRunner.Run(new Planted(recovered: static w => w.NowMicros > 21_100_000 ? true : throw new FormatException("nobody leads")), 1).Failure);
        var failure = SeedRunner.Run(new Planted(recovered: static _ => throw new FormatException("nobody leads")), 1).Failure;
        Assert.Equal("no-recovery", failure?.Property);
        Assert.Contains("nobody leads", failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("constants")]
    [InlineData("prepare")]
    [InlineData("start")]
    [InlineData("recovery")]
    [InlineData("final read")]
    [InlineData("metrics")]
    public void A_scenario_whose_own_code_throws_fails_its_seed_and_not_the_campaign(string where)
    {
        var results = new Campaign(new Planted(breaksAt: where), [1, 2], jobs: 2, check: true).Run();
        Assert.All(results, r => Assert.Equal(SeedRunner.BrokenScenario, r.Failure?.Property));
        Assert.All(results, r => Assert.Contains($"no {where} today", r.Failure?.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_figure_that_is_not_there_yet_does_not_hide_why_a_run_failed_and_is_not_asked_of_one_that_was_stopped()
    {
        Assert.Equal("planted", SeedRunner.Run(new Planted(find: static () => "early", breaksAt: "metrics"), 1).Failure?.Property);
        Assert.Null(SeedRunner.Run(new Planted(breaksAt: "metrics"), 1, new RunOptions(Until: new RunPoint(2_000_000, null))).Failure);
    }

    [Fact]
    public void A_run_that_could_not_be_prepared_cannot_be_written_down()
    {
        var error = Assert.Throws<ReplayException>(() => Recorder.Record(new Planted(breaksAt: "prepare"), 1, "commit"));
        Assert.Contains("could not prepare it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_the_same_under_every_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        var plain = SeedRunner.Run(new Planted(), 1).Hash;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(string.Empty) { NumberFormat = { NegativeSign = "\u2212" } };
            Assert.Equal(plain, SeedRunner.Run(new Planted(), 1).Hash);
            Assert.Equal("\u2212", CultureInfo.CurrentCulture.NumberFormat.NegativeSign);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    /// <summary>One idle machine whose clock jumps and drifts, with an observer and a property to plant something in.</summary>
    private sealed class Planted(Func<bool>? observe = null, Func<string?>? find = null, Func<string?>? atEnd = null, Func<SimWorld, bool>? recovered = null, string? breaksAt = null) : Scenario
    {
        public override string Name => "planted";

        public override string Description => "for tests";

        public override WorldOptions WorldOptions(ulong seed)
        {
            BreakAt("constants");
            return base.WorldOptions(seed);
        }

        public override ScenarioRun Prepare(SimWorld world)
        {
            BreakAt("prepare");
            return new Run(world, observe ?? (static () => true), new Check(find ?? (static () => null)), new CheckAtEnd(atEnd ?? (static () => null)), recovered ?? (static _ => true), BreakAt);
        }

        private void BreakAt(string where)
        {
            if (where == breaksAt) throw new FormatException($"no {where} today");
        }
    }

    private sealed class Check(Func<string?> find) : Invariant
    {
        public override string Name => "planted";

        public override string? FindViolation() => find();
    }

    private sealed class CheckAtEnd(Func<string?> find) : Validation
    {
        public override string Name => "planted-at-end";

        public override string? FindViolation() => find();
    }

    private sealed class Run(SimWorld world, Func<bool> observe, Check check, CheckAtEnd atEnd, Func<SimWorld, bool> recovered, Action<string> breakAt) : ScenarioRun
    {
        private readonly SimMachine _machine = world.AddMachine("a");

        public override Phases Phases => new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        public override IReadOnlyDictionary<string, string> Configuration => new Dictionary<string, string>();

        public override IReadOnlyList<Invariant> Invariants => [check];

        public override IReadOnlyList<Validation> LivenessChecks => [];

        public override IReadOnlyList<Validation> Validations => [atEnd];

        public override Nemesis Nemesis => field ??= new Nemesis(
            world,
            new FaultProfile([(new ClockJump(), 1), (new ClockDrift(), 1)], [_machine], new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200))));

        public override bool HasRecovered => recovered(world);

        public override bool FinalReadEnded => true;

        public override IReadOnlyDictionary<string, long> Metrics
        {
            get
            {
                breakAt("metrics");
                return new Dictionary<string, long>();
            }
        }

        public override void Start()
        {
            breakAt("start");
            _machine.Start(static async node => await node.Clock.Delay(TimeSpan.FromSeconds(1)));
        }

        public override bool Observe(SimMachine machine) => observe();

        public override void BeginRecovery() => breakAt("recovery");

        public override void BeginFinalRead() => breakAt("final read");
    }
}
