using System;
using System.Collections.Generic;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Properties;
using Simulator.Engine.Replay;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine.Replay;

/// <summary>
/// Operations behind the failure are cut without a trial, and yet the run may hang on there being some: what shrinking gives fails and
/// comes to the hash that it states all the same.
/// </summary>
public class TrimmedOperationsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_hash_is_that_of_the_run_without_them(bool isOverAtOnce)
    {
        var scenario = new PlanningScenario(failsWithoutOperator: true);
        var report = new Shrinker(scenario, Recorder.Record(scenario, 1, "abc"), 1, () => isOverAtOnce).Run();
        Assert.Empty(report.File.Script.Operations);
        Replays(scenario, report.File);
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 1)]
    public void What_the_failure_needs_is_kept(bool isOverAtOnce, int operations)
    {
        var scenario = new PlanningScenario(failsWithoutOperator: false);
        var report = new Shrinker(scenario, Recorder.Record(scenario, 1, "abc"), 1, () => isOverAtOnce).Run();
        Assert.Equal((operations, !isOverAtOnce), (report.File.Script.Operations.Count, report.IsFixedPoint));
        Assert.Equal(operations, report.After.Operations);
        Replays(scenario, report.File);
    }

    private static void Replays(Scenario scenario, ReplayFile file)
    {
        var again = file.Run(scenario);
        Assert.Equal(("five", file.Hash), (again.Failure?.Property, again.Hash));
        Assert.Equal(file.Failure, ReplayVerdict.Of(again.Failure));
    }

    /// <summary>A worker counts to five, which is a failure. If any operation is planned, however late, there is an operator besides, who counts too.</summary>
    private sealed class PlanningScenario(bool failsWithoutOperator) : Scenario
    {
        private static readonly IReadOnlyList<PlannedOperation> s_drawn =
        [
            PlannedOperation.Of(TimeSpan.FromSeconds(20), "operator", "a"),
            PlannedOperation.Of(TimeSpan.FromSeconds(21), "operator", "b"),
            PlannedOperation.Of(TimeSpan.FromSeconds(22), "operator", "c"),
        ];

        public override string Name => "planning";

        public override string Description => "a worker and perhaps an operator count";

        public override ScenarioRun Prepare(SimWorld world) => new Run(world, s_drawn, failsWithoutOperator);

        public override ScenarioRun Prepare(SimWorld world, RunScript script) => new Run(world, script.Operations, failsWithoutOperator);
    }

    private sealed class Run(SimWorld world, IReadOnlyList<PlannedOperation> operations, bool failsWithoutOperator) : ScenarioRun
    {
        private readonly Five _property = new();

        public override Phases Phases => new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        public override IReadOnlyDictionary<string, string> Configuration { get; } = new Dictionary<string, string>();

        public override IReadOnlyList<PlannedOperation> Operations => operations;

        public override IReadOnlyList<Invariant> Invariants => [_property];

        public override IReadOnlyList<Validation> LivenessChecks => [];

        public override IReadOnlyList<Validation> Validations => [];

        public override Nemesis Nemesis { get; } = new(world, new FaultProfile([(new ClockJump(), 1)], world.Machines, new(TimeSpan.FromHours(1), TimeSpan.FromHours(2))));

        public override bool HasRecovered => true;

        public override bool FinalReadEnded => true;

        public override IReadOnlyDictionary<string, long> Metrics { get; } = new Dictionary<string, long>();

        public override void Start()
        {
            if (operations.Count > 0) world.AddMachine("operator").Start(node => Count(node, isBad: false));
            world.AddMachine("worker").Start(node => Count(node, isBad: failsWithoutOperator || operations.Count > 0));
        }

        public override bool Observe(SimMachine machine) => true;

        public override void BeginRecovery()
        {
        }

        public override void BeginFinalRead()
        {
        }

        private async LoopTask Count(Node node, bool isBad)
        {
            for (var i = 1; i <= 5; i++) await node.Clock.Delay(TimeSpan.FromMilliseconds(10));
            _property.IsBroken |= isBad;
            await new LoopPromise<Nothing>().Task;
        }
    }

    private sealed class Five : Invariant
    {
        public bool IsBroken { get; set; }

        public override string Name => "five";

        public override string? FindViolation() => IsBroken ? "the worker has come to five" : null;
    }
}
