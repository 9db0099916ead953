using System;
using System.Collections.Generic;
using System.IO;
using Scenarios.Zoo;
using Simulator.Engine.Exploration;
using tools.Sim.Commands;

namespace Tests.tools.Sim;

/// <summary>What a run of the command line left behind.</summary>
internal sealed record CommandLineResult(int ExitCode, string Output, string Error)
{
    /// <summary>Runs the command line in this process.</summary>
    public static CommandLineResult Of(params string[] args) => Of(null, args);

    /// <summary>The same with other scenarios than those of the catalogue.</summary>
    public static CommandLineResult Of(IReadOnlyList<Scenario>? scenarios, params string[] args) => Of(scenarios, null, args);

    /// <summary>The same with other planted bugs too.</summary>
    public static CommandLineResult Of(IReadOnlyList<Scenario>? scenarios, IReadOnlyList<Mutant>? mutants, string[] args) => Of(scenarios, mutants, _ => null, args);

    /// <summary>The same in an environment with variables of a scheduler.</summary>
    public static CommandLineResult In(IReadOnlyDictionary<string, string> environment, IReadOnlyList<Scenario> scenarios, params string[] args) =>
        Of(scenarios, null, name => environment.GetValueOrDefault(name), args);

    private static CommandLineResult Of(IReadOnlyList<Scenario>? scenarios, IReadOnlyList<Mutant>? mutants, Func<string, string?> environment, string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = SimCommandLine.Run(args, output, error, scenarios, mutants, environment);
        return new CommandLineResult(exitCode, output.ToString(), error.ToString());
    }
}
