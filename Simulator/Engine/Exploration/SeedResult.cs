using System.Collections.Generic;
using Simulator.Engine.Faults;
using Simulator.Engine.Inspection;
using Simulator.Engine.Replay;
using Simulator.Engine.Timelines;

namespace Simulator.Engine.Exploration;

/// <summary>What came of one seed.</summary>
public sealed record SeedResult
{
    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Why it failed, or null if all held.</summary>
    public SimFailure? Failure { get; init; }

    /// <summary>The rolling hash over all events.</summary>
    public required ulong Hash { get; init; }

    /// <summary>Number of events.</summary>
    public required long Events { get; init; }

    /// <summary>Virtual seconds simulated.</summary>
    public required double SimulatedSeconds { get; init; }

    /// <summary>Injected faults by kind.</summary>
    public required IReadOnlyDictionary<string, long> Faults { get; init; }

    /// <summary>Kinds of fault that the run could see or replay, seen or not.</summary>
    public IReadOnlyList<string> FaultKinds { get; init; } = [];

    /// <summary>Hits of the buggify points that were declared or asked, 0 for a cold one.</summary>
    public IReadOnlyDictionary<string, long> Buggify { get; init; } = new Dictionary<string, long>();

    /// <summary>How often each declared rare situation was reached, 0 for a cold one.</summary>
    public IReadOnlyDictionary<string, long> Sometimes { get; init; } = new Dictionary<string, long>();

    /// <summary>Wall time in seconds, if whoever ran the seed has measured it.</summary>
    public double WallSeconds { get; init; }

    /// <summary>What the injected faults did now and then, by name: operations that failed, blocks that were torn, …; 0 for what the run's kinds can do and did not.</summary>
    public IReadOnlyDictionary<string, long> FaultEffects { get; init; } = new Dictionary<string, long>();

    /// <summary>Faults by kind that were vetoed, because they would have destroyed what must survive.</summary>
    public IReadOnlyDictionary<string, long> FaultVetoes { get; init; } = new Dictionary<string, long>();

    /// <summary>Each injected fault in order, for <see cref="RunOptions.Faults"/>.</summary>
    public IReadOnlyList<PlannedFault> Injected { get; init; } = [];

    /// <summary>The run's own figures.</summary>
    public required IReadOnlyDictionary<string, long> Metrics { get; init; }

    /// <summary>What the seed chose.</summary>
    public required IReadOnlyDictionary<string, string> Configuration { get; init; }

    /// <summary>The last lines of the trace, if it was kept.</summary>
    public IReadOnlyCollection<TraceLine> Trace { get; init; } = [];

    /// <summary>The hash after each event, if recorded.</summary>
    public IReadOnlyList<ulong> EventHashes { get; init; } = [];

    /// <summary>What happened, to be drawn, if collected.</summary>
    public Timeline? Timeline { get; init; }

    /// <summary>The state where the run ended, if it was asked for.</summary>
    public StateDump? State { get; init; }

    /// <summary>True if the run was stopped where it was asked to, before its verdict.</summary>
    public bool WasStopped { get; init; }

    /// <summary>All that was decided in the run, if it was recorded.</summary>
    public RunScript? Script { get; init; }

    /// <summary>The replay file that was run, if its place is known; null for a run that was grown from its seed.</summary>
    public string? ReplayFile { get; init; }

    /// <summary>True if no property failed.</summary>
    public bool Passed => Failure is null;

    /// <summary>True if two runs differed, or if the run used what lets two runs differ.</summary>
    public bool IsNondeterminism => Failure is { Property: "determinism" or "no-leak" };

    /// <summary>True if the seed, run once more by itself, fails in the same way: not so where it took a second run, or the process's thread pool, to see it.</summary>
    public bool FailsAgain => Failure is { Property: not DeterminismCheck.SecondRun } && !IsNondeterminism;
}
