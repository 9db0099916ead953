using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Simulator.Engine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Faults;
using Simulator.Engine.Properties;
using Simulator.Engine.Simulations;
using Simulator.Platform;

namespace Tests.tools.Sim.Campaigns;

/// <summary>A scenario of one machine that writes a few numbers, for processes of <c>sim</c> that find it by SIM_SCENARIOS.</summary>
public abstract class PlantedScenario(string name) : Scenario
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Description => "one machine that writes numbers to its disk";

    /// <inheritdoc/>
    public override ScenarioRun Prepare(SimWorld world) => new Run(this, world);

    /// <summary>What the machine writes next.</summary>
    protected abstract long Next(Node node);

    /// <summary>What is wrong with the run, if anything.</summary>
    protected virtual string? Verdict(ulong seed) => null;

    private async LoopTask Write(Node node)
    {
        var file = await node.Disk.Open("numbers", OpenMode.OpenOrCreate);
        for (var i = 0; i < 10; i++)
        {
            await node.Clock.Delay(TimeSpan.FromMilliseconds(10));
            await file.Write(i * sizeof(long), BitConverter.GetBytes(i == 5 ? Next(node) : i));
        }
    }

    private sealed class Run(PlantedScenario scenario, SimWorld world) : ScenarioRun
    {
        public override Phases Phases => new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        public override IReadOnlyDictionary<string, string> Configuration { get; } = new Dictionary<string, string>();

        public override IReadOnlyList<Invariant> Invariants => [];

        public override IReadOnlyList<Validation> LivenessChecks => [];

        public override IReadOnlyList<Validation> Validations => [new Verdicts(scenario, world.Seed)];

        public override Nemesis Nemesis { get; } = new(world, new FaultProfile([(new ClockJump(), 1)], world.Machines, new(TimeSpan.FromHours(1), TimeSpan.FromHours(2))));

        public override bool HasRecovered => true;

        public override bool FinalReadEnded => true;

        public override IReadOnlyDictionary<string, long> Metrics { get; } = new Dictionary<string, long>();

        public override void Start() => world.AddMachine("node").Start(scenario.Write);

        public override bool Observe(SimMachine machine) => false;

        public override void BeginRecovery()
        {
        }

        public override void BeginFinalRead()
        {
        }
    }

    private sealed class Verdicts(PlantedScenario scenario, ulong seed) : Validation
    {
        public override string Name => "planted";

        public override string? FindViolation() => scenario.Verdict(seed);
    }
}

/// <summary>Follows from its seed; every fifth one fails.</summary>
public sealed class SteadyScenario() : PlantedScenario("steady")
{
    /// <inheritdoc/>
    protected override long Next(Node node) => node.Random.Stream("numbers").NextInt64(0, long.MaxValue);

    /// <inheritdoc/>
    protected override string? Verdict(ulong seed) => seed % 5 == 0 ? $"seed {seed} was planted to fail" : null;
}

/// <summary>Enumerates words in an order that hash codes decide, which differ from process to process.</summary>
public sealed class HashOrderScenario() : PlantedScenario("hash-order")
{
    /// <inheritdoc/>
    protected override long Next(Node node)
    {
        var words = Enumerable.Range(0, 64).Select(i => i.ToString(CultureInfo.InvariantCulture)).OrderBy(w => w.GetHashCode());
        return words.Aggregate(0L, (sum, word) => (sum * 31) + int.Parse(word, CultureInfo.InvariantCulture)); // PLANTED
    }
}

/// <summary>Reads the machine's wall clock.</summary>
public sealed class WallClockScenario() : PlantedScenario("wall-clock")
{
    /// <inheritdoc/>
    protected override long Next(Node node) => DateTime.UtcNow.Ticks ^ Stopwatch.GetTimestamp();
}

/// <summary>Draws from a generator without a seed.</summary>
public sealed class UnseededScenario() : PlantedScenario("unseeded")
{
    /// <inheritdoc/>
    protected override long Next(Node node) => Random.Shared.NextInt64();
}

/// <summary>Hands work to the thread pool that never touches the loop.</summary>
public sealed class PoolScenario() : PlantedScenario("pool")
{
    /// <inheritdoc/>
    protected override long Next(Node node)
    {
        using var ended = new ManualResetEventSlim();
        _ = Task.Run(ended.Set);
        ended.Wait();
        return Encoding.UTF8.GetByteCount("pool");
    }
}

/// <summary>Counts its runs in a static: in a process that has run more of them it goes another way.</summary>
public sealed class CountedScenario() : PlantedScenario("counted")
{
    private static long s_runs;

    /// <inheritdoc/>
    protected override long Next(Node node) => Interlocked.Increment(ref s_runs);
}

/// <summary>Ends the process that runs seeds a second time, at its second seed.</summary>
public sealed class DeadlyScenario() : PlantedScenario("deadly")
{
    /// <inheritdoc/>
    protected override long Next(Node node) => 1;

    /// <inheritdoc/>
    protected override string? Verdict(ulong seed)
    {
        if (seed == 2 && SecondRuns.AreHere) Environment.Exit(7);
        return null;
    }
}

/// <summary>Two seeds side by side: the first hands work to the thread pool while the second, which does not, is under way.</summary>
public sealed class NeighboursScenario() : PlantedScenario("neighbours")
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly ManualResetEventSlim s_innocentRuns = new();
    private static readonly ManualResetEventSlim s_leaked = new();

    /// <inheritdoc/>
    protected override long Next(Node node) => 1;

    /// <inheritdoc/>
    public override ScenarioRun Prepare(SimWorld world)
    {
        var run = base.Prepare(world);
        if (world.Seed == 1) world.AddMachine("leaking").Start(Leak);
        else world.AddMachine("innocent").Start(AwaitLeak);
        return run;
    }

    private static async LoopTask Leak(Node node)
    {
        await node.Clock.Delay(TimeSpan.FromMilliseconds(1));
        s_innocentRuns.Wait(s_patience);
        var before = ThreadPool.CompletedWorkItemCount;
        _ = Task.Run(static () => { });
        SpinWait.SpinUntil(() => ThreadPool.CompletedWorkItemCount > before, s_patience);
        s_leaked.Set();
    }

    private static async LoopTask AwaitLeak(Node node)
    {
        await node.Clock.Delay(TimeSpan.FromMilliseconds(1));
        s_innocentRuns.Set();
        if (!SecondRuns.AreHere) s_leaked.Wait(s_patience);
    }
}

/// <summary>Scenarios that are found as members, not as classes.</summary>
public static class ScenariosOfMembers
{
    /// <summary>A field.</summary>
    public static readonly Scenario Field = new SimulationScenario("of-a-field", "one node that waits", Wait);

    /// <summary>A property.</summary>
    public static SimulationScenario Property { get; } = new("of-a-property", "one node that waits", Wait);

    /// <summary>One that is found as a class already.</summary>
    public static SteadyScenario Again { get; } = new();

    private static void Wait(Simulation simulation) => simulation.AddNode("node", node => Task.Delay(TimeSpan.FromSeconds(1), node.Time));
}

/// <summary>Whether this process runs seeds a second time.</summary>
internal static class SecondRuns
{
    public static bool AreHere { get; } = Environment.GetCommandLineArgs().Contains("second-run");
}
