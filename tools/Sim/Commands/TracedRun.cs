using System.CommandLine;
using Simulator.Engine.Exploration;
using Simulator.Engine.Timelines;

namespace tools.Sim.Commands;

/// <summary>The run that <c>timeline</c> and <c>export</c> draw, as their command lines name it.</summary>
internal sealed class TracedRun
{
    private readonly ScenarioChoice _choice;
    private readonly MutantChoice _zoo;
    private readonly Argument<string> _scenario = new("scenario") { Description = "Name of the scenario." };
    private readonly Argument<string> _seed = new("seed") { Description = "The seed." };
    private readonly Option<int?> _mutant = new("--mutant") { Description = "Run against this planted bug of the zoo." };

    public TracedRun(ScenarioChoice choice, MutantChoice zoo) => (_choice, _zoo) = (choice, zoo);

    /// <summary>Adds what names the run to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_scenario);
        command.Add(_seed);
        command.Add(_mutant);
    }

    /// <summary>Runs it, collecting.</summary>
    /// <exception cref="UsageException">There is no such scenario, seed or planted bug.</exception>
    public Timeline Record(ParseResult parsed)
    {
        var scenario = _choice.Find(parsed.GetValue(_scenario)!);
        if (parsed.GetValue(_mutant) is { } id) scenario = _zoo.Find(id).Scenario;
        return SeedRunner.Run(scenario, SeedSelection.ParseOne(parsed.GetValue(_seed)!), new RunOptions(Timeline: true)).Timeline!;
    }
}
