using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using tools.Sim.Stepping;

namespace tools.Sim.Commands;

/// <summary><c>sim step</c>: goes through one run forwards and backwards, as commands from the input say.</summary>
internal static class StepCommand
{
    private const string Prompt = "sim> ";

    private const string Explanation = SteppingSession.Commands + """


        Examples:
          sim step replication 42                          at the end of the run, with a prompt
          sim step replication-42.replay.json
          printf 'goto 12.5s\ndump\nnext 10\n' | sim step replication 42 --mutant 3

        Linux only. The exit code is 2 if commands came from a file or a pipe and one of them was wrong.
        """;

    public static Command Create(ScenarioChoice choice, MutantChoice zoo, TextWriter output, TextWriter error)
    {
        var runs = new RunChoice(choice, zoo, error);
        var command = new ExplainedCommand("step", "Goes through one seed or one replay file forwards and backwards, as commands from the input say: any event is a moment away.", Explanation);
        runs.AddTo(command);
        command.SetAction(parsed =>
        {
            if (!OperatingSystem.IsLinux()) throw new UsageException("'sim step' needs Linux: elsewhere take 'sim replay' with --until and --dump.");
            return Serve(runs.Find(parsed), output, error);
        });
        return command;
    }

    private static int Serve(ChosenRun chosen, TextWriter output, TextWriter error)
    {
        var isShown = !Console.IsErrorRedirected && !Console.IsInputRedirected;
        using var process = new SimulationProcess([StationsCommand.Name, .. Words(chosen)]);
        try
        {
            var run = new SteppedRun(process, isShown ? at => error.Write(string.Create(CultureInfo.InvariantCulture, $"\revent {at.Event}, {at.Micros / 1e6:F0} s ")) : null);
            if (isShown) error.Write("\r");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"events      {run.End.Event}\ncheckpoints {run.CheckpointCount}, one every {run.Spacing} events"));
            var allObeyed = new SteppingSession(run, output, error).Serve(Console.In, Console.IsInputRedirected ? string.Empty : Prompt);
            return allObeyed || !Console.IsInputRedirected ? ExitCodes.AllHeld : ExitCodes.WrongUsage;
        }
        catch (SimulationEndedException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static List<string> Words(ChosenRun chosen)
    {
        if (chosen.Path is { } path) return [path];
        var words = new List<string> { chosen.Scenario.Name, chosen.Seed.ToString(CultureInfo.InvariantCulture) };
        if (chosen.Mutant is { } mutant) words.AddRange(["--mutant", mutant.ToString(CultureInfo.InvariantCulture)]);
        return words;
    }
}
