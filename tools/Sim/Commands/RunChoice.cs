using System.CommandLine;
using System.IO;
using Simulator.Engine.Exploration;
using Simulator.Engine.Replay;
using Simulator.Engine.Timelines;

namespace tools.Sim.Commands;

/// <summary>The one run that a command is about: a replay file, or a scenario and a seed, perhaps against a planted bug.</summary>
internal sealed class RunChoice(ScenarioChoice choice, MutantChoice zoo, TextWriter error)
{
    private readonly Argument<string> _name = new("scenario") { Description = "A replay file, or the name of a scenario." };

    private readonly Argument<string?> _seed = new("seed") { Description = "The seed; none with a replay file.", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<int?> _mutant = new("--mutant") { Description = "Run against this planted bug of the zoo." };

    /// <summary>Gives a command the arguments and options that name its run.</summary>
    public void AddTo(Command command)
    {
        command.Add(_name);
        command.Add(_seed);
        command.Add(_mutant);
    }

    /// <summary>The run that the command line names.</summary>
    /// <exception cref="UsageException">There is no such file, scenario or planted bug, or the file cannot be read.</exception>
    public ChosenRun Find(ParseResult parsed)
    {
        var (name, seed, mutant) = (parsed.GetValue(_name)!, parsed.GetValue(_seed), parsed.GetValue(_mutant));
        if (seed is not null) return new ChosenRun(ScenarioOf(name, mutant), SeedSelection.ParseOne(seed), mutant, null) { Clean = CleanOf(name, mutant) };
        if (!File.Exists(name))
        {
            throw new UsageException(name.EndsWith(ReplayFile.Extension, System.StringComparison.Ordinal)
                ? $"There is no replay file {name}."
                : $"'{name}' is no replay file: name one, or give a scenario and a seed.");
        }

        if (mutant is not null) throw new UsageException("A replay file says itself against which planted bug it runs: leave --mutant out, or edit the file.");
        return Load(name);
    }

    /// <summary>Runs what the command line names, collecting what a timeline shows.</summary>
    /// <exception cref="UsageException">As <see cref="Find"/>; or the replay file does not fit the scenario.</exception>
    public Timeline Trace(ParseResult parsed) => Find(parsed).Run(new RunOptions(Timeline: true)).Timeline!;

    private ChosenRun Load(string path)
    {
        ReplayFile file;
        try
        {
            file = ReplayFile.Load(path);
        }
        catch (ReplayException e)
        {
            throw new UsageException(e.Message);
        }

        if (file.Commit != BuildInfo.Commit) error.WriteLine($"sim: {path} was written at commit {file.Commit}, and this is {BuildInfo.Commit}: the run may differ.");
        return new ChosenRun(ScenarioOf(file.Scenario, file.Mutant), file.Seed ?? 0, file.Mutant, file) { Path = path, Clean = CleanOf(file.Scenario, file.Mutant) };
    }

    private Scenario? CleanOf(string name, int? mutant) => mutant is null ? null : choice.Find(name);

    private Scenario ScenarioOf(string name, int? mutant)
    {
        var scenario = choice.Find(name);
        if (mutant is not { } id) return scenario;
        var planted = zoo.Find(id).Scenario;
        return planted.Name == name ? planted : throw new UsageException($"The planted bug {id} is hunted by the scenario {planted.Name}, not by {name}.");
    }
}

/// <summary>One run.</summary>
/// <param name="Scenario">What runs, with the planted bug if there is one.</param>
/// <param name="Seed">Its seed; of a replay file for information.</param>
/// <param name="Mutant">The planted bug's number.</param>
/// <param name="File">The replay file; null for a seed.</param>
internal sealed record ChosenRun(Scenario Scenario, ulong Seed, int? Mutant, ReplayFile? File)
{
    /// <summary>The same scenario without the planted bug; null if none is planted.</summary>
    public Scenario? Clean { get; init; }

    /// <summary>Where the replay file stands.</summary>
    public string? Path { get; init; }

    /// <summary>Runs it.</summary>
    /// <exception cref="UsageException">The replay file does not fit the scenario.</exception>
    public SeedResult Run(RunOptions options)
    {
        try
        {
            return File is null ? SeedRunner.Run(Scenario, Seed, options) : File.Run(Scenario, options);
        }
        catch (ReplayException e)
        {
            throw new UsageException(File is null ? e.Message : $"{Path} does not fit: {e.Message}");
        }
    }
}
