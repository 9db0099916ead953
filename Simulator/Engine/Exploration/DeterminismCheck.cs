using System.Collections.Generic;

namespace Simulator.Engine.Exploration;

/// <summary>What must be the same in two runs of one seed. Checkers are no part of the hash, but what they find follows from the seed too.</summary>
/// <param name="Hash">Over all events.</param>
/// <param name="Events">Their number.</param>
/// <param name="Property">What failed, or null.</param>
/// <param name="AtEvent">When.</param>
public sealed record RunEssence(ulong Hash, long Events, string? Property, long AtEvent)
{
    /// <summary>Of a result.</summary>
    public static RunEssence Of(SeedResult result) => new(result.Hash, result.Events, result.Failure?.Property, result.Failure?.AtEvent ?? 0);
}

/// <summary>Where the second run of a seed takes place: in this process or, better, in another one.</summary>
public interface ISecondRun
{
    /// <summary>For messages.</summary>
    string Name { get; }

    /// <summary>Runs the seed.</summary>
    /// <exception cref="SecondRunException">It did not come to its end. The other methods throw it too.</exception>
    RunEssence Run(ulong seed);

    /// <summary>Runs it again; gives the rolling hash after each step.</summary>
    IReadOnlyList<ulong> Steps(ulong seed);

    /// <summary>Runs it again; gives one step with its stack, or null if there is no such step.</summary>
    StepSeen? StackAt(ulong seed, int step);
}

/// <summary>Runs a seed twice and finds the first event at which the two runs differ, with the code that made it so.</summary>
public static class DeterminismCheck
{
    /// <summary>The property that fails where the second run of a seed does not come to its end.</summary>
    public const string SecondRun = "second-run";

    /// <summary>
    /// Both runs in this process: finds the wall clock, unseeded randomness and what a static keeps from run to run, but not what differs
    /// only between processes, such as the hash codes of texts.
    /// </summary>
    public static SeedResult RunTwice(Scenario scenario, ulong seed, bool watchThreadPool = false) =>
        RunTwice(scenario, seed, InThisProcess(scenario), watchThreadPool);

    /// <summary>
    /// The result of the first run, with a failure of property <c>determinism</c> if the second one went another way, and of
    /// <c>second-run</c> if it did not come to its end.
    /// </summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="second">Where the second run takes place.</param>
    /// <param name="watchThreadPool">Whether work on the thread pool fails the run; only where nothing else in the process uses it.</param>
    public static SeedResult RunTwice(Scenario scenario, ulong seed, ISecondRun second, bool watchThreadPool = false)
    {
        var first = SeedRunner.Run(scenario, seed, new RunOptions(WatchThreadPool: watchThreadPool));
        if (first.Failure?.Property == "no-leak") return first; // named already, and the second run does not watch
        try
        {
            return RunEssence.Of(first) == second.Run(seed) ? first : first with { Failure = Explain(scenario, seed, second) };
        }
        catch (SecondRunException e)
        {
            return first with { Failure = new SimFailure(SecondRun, e.Message, e) };
        }
    }

    /// <summary>Second runs in this process.</summary>
    internal static ISecondRun InThisProcess(Scenario scenario) => new RunHere(scenario);

    private static SimFailure Explain(Scenario scenario, ulong seed, ISecondRun second)
    {
        var steps = new StepRecorder();
        SeedRunner.Run(scenario, seed, new RunOptions(Steps: steps));
        if (Divergence.FirstStep(steps.Hashes, second.Steps(seed)) is not { } step) return Divergence.ExplainFleeting(seed);
        var here = new StepRecorder(stackAt: step);
        var traced = SeedRunner.Run(scenario, seed, new RunOptions(TraceLines: int.MaxValue, Traffic: true, Steps: here));
        return Divergence.Explain(seed, ("this process", second.Name), here.Seen, second.StackAt(seed, step), traced.Trace);
    }

    private sealed class RunHere(Scenario scenario) : ISecondRun
    {
        public string Name => "the second run";

        public RunEssence Run(ulong seed) => RunEssence.Of(SeedRunner.Run(scenario, seed));

        public IReadOnlyList<ulong> Steps(ulong seed)
        {
            var steps = new StepRecorder();
            SeedRunner.Run(scenario, seed, new RunOptions(Steps: steps));
            return steps.Hashes;
        }

        public StepSeen? StackAt(ulong seed, int step)
        {
            var steps = new StepRecorder(stackAt: step);
            SeedRunner.Run(scenario, seed, new RunOptions(Steps: steps));
            return steps.Seen;
        }
    }
}
