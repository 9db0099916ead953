using Simulator.Engine.Exploration;

namespace Simulator.Engine.Replay;

/// <summary>Writes down what was decided in the run of a seed.</summary>
public static class Recorder
{
    /// <summary>
    /// Runs a seed and writes its run down, then runs what was written: so the file is known to give the same run without the seed,
    /// and lists only those streams of draws that are still drawn from when nothing is left to decide.
    /// </summary>
    /// <param name="scenario">The scenario, a planted bug's where one is planted.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="commit">The commit of the code that runs.</param>
    /// <param name="mutant">The number of the planted bug, or null.</param>
    /// <exception cref="ReplayException">What was written down ran another way: the scenario draws or decides past its script.</exception>
    public static ReplayFile Record(Scenario scenario, ulong seed, string commit, int? mutant = null)
    {
        var grown = SeedRunner.Run(scenario, seed, new RunOptions(Record: true));
        if (grown.Script is null) throw new ReplayException($"The run of {scenario.Name} seed {seed} cannot be written down: its scenario could not prepare it.");
        var again = SeedRunner.Replay(scenario, grown.Script, seed, new RunOptions(Record: true));
        if (again.Hash != grown.Hash || again.Failure?.Property != grown.Failure?.Property)
            throw new ReplayException($"The run of {scenario.Name} seed {seed} cannot be written down: replayed without the seed it goes another way (hash {ReplayWriter.Hex(again.Hash)} instead of {ReplayWriter.Hex(grown.Hash)}).");
        return Of(again, commit, mutant) with { Seed = seed };
    }

    /// <summary>The file of a run that was recorded.</summary>
    /// <exception cref="System.ArgumentException">It was not.</exception>
    public static ReplayFile Of(SeedResult result, string commit, int? mutant = null) => new()
    {
        Commit = commit,
        Scenario = result.Scenario,
        Seed = result.Seed,
        Mutant = mutant,
        Failure = ReplayVerdict.Of(result.Failure),
        Hash = result.Hash,
        Script = result.Script ?? throw new System.ArgumentException("The run was not recorded.", nameof(result)),
    };
}
