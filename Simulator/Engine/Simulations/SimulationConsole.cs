using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Simulator.Engine.Exploration;

namespace Simulator.Engine.Simulations;

/// <summary>
/// A small command line over scenarios of one's own, for the Main method of a test program:
/// <c>[SCENARIO] [--seeds 200 | 17..40] [--jobs N] [--check] [--seed N]</c>.
/// </summary>
/// <remarks>
/// <c>--check</c> runs each seed in a second process too, and compares the two runs event by event. For that the program is started once
/// more with its own command line, for each job; the variable <c>SIM_SECOND_RUN</c> tells <see cref="Run"/> there to run what it is told
/// by its standard input, and to answer by its standard output.
/// </remarks>
public static class SimulationConsole
{
    private const int AllHeld = 0;
    private const int PropertyFailed = 1;
    private const int WrongUsage = 2;
    private const int Nondeterminism = 3;
    private const int FailuresShown = 3;
    private const string CheckOption = "--check";
    private const string SecondRunVariable = "SIM_SECOND_RUN";
    private const int TraceLines = 200;

    /// <summary>Runs what the arguments ask for.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where the report goes.</param>
    /// <param name="command">The command by which this program is called, for the lines that say how to replay.</param>
    /// <param name="scenarios">What can be run; the first one where none is named.</param>
    /// <returns>0 all held, 1 a property failed, 2 wrong usage, 3 nondeterminism found.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, string command, params IReadOnlyList<Scenario> scenarios)
    {
        try
        {
            var request = Request.Parse(args, scenarios);
            if (Environment.GetEnvironmentVariable(SecondRunVariable) is { Length: > 0 }) return ServeSecondRuns(request.Scenario);
            return request.Single is { } seed ? Replay(request.Scenario, seed, output, command) : RunSeeds(request, output, command);
        }
        catch (ArgumentException e)
        {
            output.WriteLine(e.Message);
            return WrongUsage;
        }
    }

    private static int Replay(Scenario scenario, ulong seed, TextWriter output, string command)
    {
        var result = SeedRunner.Run(scenario, seed, new RunOptions(TraceLines: TraceLines));
        output.WriteLine(result.Passed ? $"{scenario.Name} seed {seed} passed" : FailureText.Of(result, Replaying(command, result)));
        return Code(result);
    }

    private static int RunSeeds(Request request, TextWriter output, string command)
    {
        var hasOwnCommandLine = Environment.GetCommandLineArgs().Contains(CheckOption);
        if (request.Check && !hasOwnCommandLine) output.WriteLine("This process was not started with --check itself, so the second runs are in it too: what differs only between processes is not looked for.");
        using var workers = new SeedWorkers(request.Scenario, Math.Min(request.Jobs, request.Seeds.Count), request.Check, hasOwnCommandLine ? StartAgain : null);
        var results = new Campaign(request.Scenario.Name, request.Seeds, request.Jobs, workers.Next).Run();
        var failures = results.Where(r => !r.Passed).ToList();
        foreach (var failure in failures.Take(FailuresShown))
        {
            // A campaign keeps no traces; the same seed gives the same run again, with them.
            var again = failure.FailsAgain ? SeedRunner.Run(request.Scenario, failure.Seed, new RunOptions(TraceLines: TraceLines)) : failure;
            output.WriteLine(FailureText.Of(again, Replaying(command, failure)));
            output.WriteLine();
        }

        var seconds = results.Sum(r => r.SimulatedSeconds);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{request.Scenario.Name}: {results.Count} seeds, {results.Count - failures.Count} passed, {failures.Count} failed; {seconds:F0} s simulated, {results.Sum(r => r.Events)} events"));
        foreach (var group in failures.GroupBy(f => f.Failure!.Property)) output.WriteLine($"  {group.Key}: {group.Count()} seeds, the smallest {group.Min(f => f.Seed)}");
        return failures.Count == 0 ? AllHeld : failures.Max(Code);
    }

    private static SecondProcess StartAgain() =>
        new([.. Environment.GetCommandLineArgs().Skip(1)], new Dictionary<string, string> { [SecondRunVariable] = "1" });

    private static int ServeSecondRuns(Scenario scenario)
    {
#pragma warning disable RS0030 // nothing of a simulation: this whole process does what the first one says
        var answers = Console.Out;
        Console.SetOut(Console.Error); // what a scenario prints is no answer
        SecondRunServer.Serve(scenario, Console.In, answers);
#pragma warning restore RS0030
        return AllHeld;
    }

    private static string Replaying(string command, SeedResult result) => $"{command} {result.Scenario} --seed {result.Seed}";

    private static int Code(SeedResult result) => result.Failure?.Property switch
    {
        null => AllHeld,
        "determinism" or "no-leak" => Nondeterminism,
        _ => PropertyFailed,
    };

    private sealed record Request(Scenario Scenario, IReadOnlyList<ulong> Seeds, int Jobs, bool Check, ulong? Single)
    {
        public static Request Parse(IReadOnlyList<string> args, IReadOnlyList<Scenario> scenarios)
        {
            var request = new Request(scenarios[0], SeedRange.Parse("100"), Environment.ProcessorCount, false, null);
            for (var i = 0; i < args.Count; i++)
            {
                string Value() => ++i < args.Count ? args[i] : throw new ArgumentException($"The option {args[i - 1]} needs a value.");
                request = args[i] switch
                {
                    "--seeds" => request with { Seeds = SeedRange.Parse(Value()) },
                    "--seed" => request with { Single = SeedRange.ParseOne(Value()) },
                    "--jobs" => request with { Jobs = int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var jobs) && jobs > 0 ? jobs : throw new ArgumentException("--jobs needs a whole number above 0.") },
                    CheckOption => request with { Check = true },
                    var name => request with { Scenario = scenarios.FirstOrDefault(s => s.Name == name) ?? throw new ArgumentException($"There is no scenario '{name}'; the scenarios are: {string.Join(", ", scenarios.Select(s => s.Name))}.") },
                };
            }

            return request;
        }
    }
}
