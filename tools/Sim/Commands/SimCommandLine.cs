using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using Scenarios;
using Scenarios.Zoo;
using Simulator.Engine.Exploration;
using tools.Sim.Campaigns;

namespace tools.Sim.Commands;

/// <summary>The command line <c>sim</c>: run, merge, replay, step, shrink, timeline, export, list, zoo.</summary>
internal static class SimCommandLine
{
    private const string Name = "sim";

    private const string Examples = """
        Runs seeded fault-injection scenarios in a deterministic simulation, and replays their failures.

        Examples:
          sim run                                   the default scenario over 100 seeds
          sim run replication --seeds 1..2000 --jobs 2 --json report.json
          sim replay replication 42                 one seed, with its last events
          sim run --seeds 10000 --out night --resume --fail-cold
          sim merge shard-1 shard-2 --out report.json
          sim timeline replication 42 --out run.html
          sim replay replication-42.replay.json     the same from a file, which can be edited
          sim replay replication 42 --until 12.5s --dump
                                                    the state of the cluster at that moment
          sim step replication 42                   forwards and backwards through it, with a prompt
          sim shrink replication 42 --mutant 3      the few decisions that make it fail
          sim zoo --seeds 500                       how many planted bugs are found, and how fast

        Exit codes: 0 all held, 1 a property failed, 2 wrong usage or input, 3 nondeterminism found.
        """;

    /// <summary>Parses and runs; gives the exit code. Errors of usage are one sentence on <paramref name="error"/>.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Progress and errors.</param>
    /// <param name="scenarios">The scenarios to choose from; those of the catalogue if null.</param>
    /// <param name="mutants">The planted bugs to choose from; those of the zoo if null.</param>
    /// <param name="environment">Variables of the environment; those of the process if null.</param>
    public static int Run(string[] args, TextWriter output, TextWriter error, IReadOnlyList<Scenario>? scenarios = null, IReadOnlyList<Mutant>? mutants = null, Func<string, string?>? environment = null)
    {
        try
        {
            return Invoke(args, output, error, scenarios, mutants, environment ?? Environment.GetEnvironmentVariable);
        }
        catch (SeedsDifferException e)
        {
            error.WriteLine($"sim: {e.Message}");
            return ExitCodes.Nondeterminism;
        }
        catch (UsageException e)
        {
            error.WriteLine($"sim: {e.Message}");
            return ExitCodes.WrongUsage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"sim: {e.Message.TrimEnd('.')}: give a path that can be written.");
            return ExitCodes.WrongUsage;
        }
    }

    private static int Invoke(string[] args, TextWriter output, TextWriter error, IReadOnlyList<Scenario>? scenarios, IReadOnlyList<Mutant>? mutants, Func<string, string?> environment)
    {
        var choice = new ScenarioChoice(scenarios ?? [.. Catalogue.All, .. OwnScenarios.Load(environment(OwnScenarios.Variable))], isKnownToOtherProcesses: scenarios is null);
        var zoo = new MutantChoice(mutants ?? BugZoo.Mutants);
        var root = new Command(Name, Examples) // not a RootCommand, which is called like the executable
        {
            new HelpOption { Action = new ExplainingHelp() },
            new VersionOption(),
            RunCommand.Create(choice, new ArrayEnvironment(environment), output, error),
            MergeCommand.Create(output),
            ReplayCommand.Create(choice, zoo, output, error),
            StepCommand.Create(choice, zoo, output, error),
            ShrinkCommand.Create(choice, zoo, output, error),
            TimelineCommand.Create(choice, zoo, output, error),
            ExportCommand.Create(choice, zoo, output, error),
            ListCommand.Create(choice, output),
            ZooCommand.Create(choice, zoo, output, error),
            SecondRunCommand.Create(choice, output, error),
            StationsCommand.Create(choice, zoo),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            error.WriteLine($"sim: {Explain(parsed)}");
            return ExitCodes.WrongUsage;
        }

        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
    }

    // The parser's own words speak of types and symbols.
    private static string Explain(ParseResult parsed)
    {
        var help = $"see '{(parsed.CommandResult.Command.Name == Name ? Name : $"{Name} {parsed.CommandResult.Command.Name}")} --help'";
        var first = parsed.Errors[0];
        if (parsed.UnmatchedTokens.FirstOrDefault() is { } unknown) return $"There is no {KindOf(unknown)} '{unknown}'; {help}.";
        return first.SymbolResult switch
        {
            OptionResult { Tokens: [var token, ..] } option => $"'{token.Value}' is not possible for {option.Option.Name}; {help}.",
            ArgumentResult { Tokens: [var token, ..] } when token.Value.StartsWith('-') => $"There is no option '{token.Value}'; {help}.",
            ArgumentResult { Tokens: [var token, ..] } argument => $"'{token.Value}' is not possible for <{argument.Argument.Name}>; {help}.",
            _ => $"{first.Message.TrimEnd('.')}; {help}.",
        };
    }

    private static string KindOf(string token) => token.StartsWith('-') ? "option" : "command or argument";
}
