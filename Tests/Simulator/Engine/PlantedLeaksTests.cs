using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Properties;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine;

/// <summary>
/// Ten ways in which a service can leave its loop or depend on more than its seed. Each must be caught and named by what it was; what goes through the pool, a timer or a
/// continuation also by file and line. (Of a thread of its own the runtime tells nobody.)
/// Not run beside other tests: the thread pool's counter is the process's.
/// </summary>
[Collection(nameof(PlantedLeaksTests))]
[CollectionDefinition(nameof(PlantedLeaksTests), DisableParallelization = true)]
public class PlantedLeaksTests
{
    private static long s_survivesRuns;

    public static TheoryData<string, string, string> Leaks => new()
    {
        { "Task.Run that touches the node", "no-leak", "touched from thread" },
        { "a thread that touches the node", "no-leak", "touched from thread" },
        { "a pool work item that posts to the loop", "no-leak", "touched from thread" },
        { "a BCL timer that schedules on the node's clock", "no-leak", "touched from thread" },
        { "a continuation of a BCL task on the pool", "no-leak", "touched from thread" },
        { "Parallel.For that only counts", "no-leak", "thread pool" },
        { "an async Task method with ConfigureAwait(false)", "no-leak", "thread pool" },
        { "the wall clock", "determinism", "differ first at event" },
        { "unseeded randomness", "determinism", "differ first at event" },
        { "a mutable static", "determinism", "differ first at event" },
    };

    [Theory]
    [MemberData(nameof(Leaks))]
    public void A_planted_leak_is_caught_and_named(string kind, string property, string named)
    {
        var scenario = new LeakyScenario(node => Plant(kind, node));
        var result = property == "determinism" ? DeterminismCheck.RunTwice(scenario, 1) : SeedRunner.Run(scenario, 1, new RunOptions(WatchThreadPool: true));
        Assert.NotNull(result.Failure);
        Assert.Equal(property, result.Failure.Property);
        Assert.Contains(named, result.Failure.Message, StringComparison.Ordinal);
        if (property == "no-leak" && kind != "a thread that touches the node") Assert.Contains("PlantedLeaksTests.cs:line ", result.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_keeps_to_its_loop_is_not_accused()
    {
        var scenario = new LeakyScenario(_ => { });
        // The test host itself now and then uses the pool: one quiet run shows that the scenario does not.
        Assert.Contains(Enumerable.Range(0, 20), _ => SeedRunner.Run(scenario, 1, new RunOptions(WatchThreadPool: true)).Passed);
        Assert.Null(DeterminismCheck.RunTwice(scenario, 1).Failure);
    }

    private static void Plant(string kind, Node node)
    {
        void Touch() => Swallow(() => node.Loop.Post(() => { }));
        switch (kind)
        {
            case "Task.Run that touches the node":
                RunAndWait(done => Task.Run(() => done(Touch))); // not Task.Wait: it may run the work here
                break;
            case "a thread that touches the node":
                var thread = new Thread(Touch);
                thread.Start();
                thread.Join();
                break;
            case "a pool work item that posts to the loop":
                RunAndWait(done => ThreadPool.QueueUserWorkItem(_ => done(Touch)));
                break;
            case "a BCL timer that schedules on the node's clock":
                RunAndWait(done => _ = new Timer(_ => done(() => Swallow(() => node.Loop.Schedule(new Nothing(), 0))), null, 0, Timeout.Infinite));
                break;
            case "a continuation of a BCL task on the pool":
                RunAndWait(done => Task.CompletedTask.ContinueWith(_ => done(Touch), TaskScheduler.Default));
                break;
            case "Parallel.For that only counts":
                var sum = 0;
                UntilCounted(() => Parallel.For(0, 10_000, i => Interlocked.Add(ref sum, i)));
                break;
            case "an async Task method with ConfigureAwait(false)":
                UntilCounted(() => Escape().Wait());
                break;
            case "the wall clock":
                node.Spawn(Write(node, Stopwatch.GetTimestamp()));
                break;
            case "unseeded randomness":
                node.Spawn(Write(node, Random.Shared.NextInt64()));
                break;
            case "a mutable static":
                node.Spawn(Write(node, s_survivesRuns++));
                break;
            default:
                throw new ArgumentException(kind);
        }
    }

    private static async LoopTask Write(Node node, long value)
    {
        var file = await node.Disk.Open("value", OpenMode.OpenOrCreate);
        await file.Write(0, BitConverter.GetBytes(value));
    }

    private static async Task Escape()
    {
        await Task.Yield();
        await Task.Delay(1).ConfigureAwait(false);
    }

    private static void RunAndWait(Action<Action<Action>> start)
    {
        using var ended = new ManualResetEventSlim();
        start(work =>
        {
            work();
            ended.Set();
        });
        ended.Wait(TimeSpan.FromSeconds(30));
    }

    // The pool counts a work item a moment after its last effect can be seen, and not those that ran on the waiting thread.
    private static void UntilCounted(Action leak)
    {
        var before = ThreadPool.CompletedWorkItemCount;
        var patience = Stopwatch.StartNew();
        do leak();
        while (!SpinWait.SpinUntil(() => ThreadPool.CompletedWorkItemCount > before, 1_000) && patience.Elapsed < TimeSpan.FromSeconds(30));
    }

    private static void Swallow(Action action)
    {
        try
        {
            action();
        }
        catch (LoopAffinityException)
        {
            // A careless service would lose it too; the world must notice all the same.
        }
    }

    private sealed class Nothing : LoopEvent
    {
        protected override void Fire()
        {
        }
    }

    private sealed class LeakyScenario(Action<Node> plant) : Scenario
    {
        public override string Name => "leaky";

        public override string Description => "one node that does what it should not";

        public override ScenarioRun Prepare(SimWorld world) => new Run(world, plant);

        private sealed class Run(SimWorld world, Action<Node> plant) : ScenarioRun
        {
            public override Phases Phases => new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

            public override IReadOnlyDictionary<string, string> Configuration => new Dictionary<string, string>();

            public override IReadOnlyList<Invariant> Invariants => [];

            public override IReadOnlyList<Validation> LivenessChecks => [];

            public override IReadOnlyList<Validation> Validations => [];

            public override Nemesis Nemesis { get; } = new(world, new FaultProfile([(new ClockJump(), 1)], world.Machines, new(TimeSpan.FromHours(1), TimeSpan.FromHours(2))));

            public override bool HasRecovered => true;

            public override bool FinalReadEnded => true;

            public override IReadOnlyDictionary<string, long> Metrics => new Dictionary<string, long>();

            public override void Start() => world.AddMachine("node").Start(async node =>
            {
                for (var i = 0; i < 5; i++)
                {
                    await node.Clock.Delay(TimeSpan.FromMilliseconds(10));
                    if (i == 2) plant(node);
                }
            });

            public override bool Observe(SimMachine machine) => true;

            public override void BeginRecovery()
            {
            }

            public override void BeginFinalRead()
            {
            }
        }
    }
}
