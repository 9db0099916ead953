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
public static class SimulationConsole
{
    private const int AllHeld = 0;
    private const int PropertyFailed = 1;
    private const int WrongUsage = 2;
    private const int Nondeterminism = 3;
    private const int FailuresShown = 3;
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
        var results = new Campaign(request.Scenario, request.Seeds, request.Jobs, request.Check).Run();
        var failures = results.Where(r => !r.Passed).ToList();
        foreach (var failure in failures.Take(FailuresShown))
        {
            // A campaign keeps no traces; the same seed gives the same run again, with them.
            var again = failure.Failure!.Property is "determinism" or "no-leak" ? failure : SeedRunner.Run(request.Scenario, failure.Seed, new RunOptions(TraceLines: TraceLines));
            output.WriteLine(FailureText.Of(again, Replaying(command, failure)));
            output.WriteLine();
        }

        var seconds = results.Sum(r => r.SimulatedSeconds);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{request.Scenario.Name}: {results.Count} seeds, {results.Count - failures.Count} passed, {failures.Count} failed; {seconds:F0} s simulated, {results.Sum(r => r.Events)} events"));
        foreach (var group in failures.GroupBy(f => f.Failure!.Property)) output.WriteLine($"  {group.Key}: {group.Count()} seeds, the smallest {group.Min(f => f.Seed)}");
        return failures.Count == 0 ? AllHeld : failures.Max(Code);
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
                    "--check" => request with { Check = true },
                    var name => request with { Scenario = scenarios.FirstOrDefault(s => s.Name == name) ?? throw new ArgumentException($"There is no scenario '{name}'; the scenarios are: {string.Join(", ", scenarios.Select(s => s.Name))}.") },
                };
            }

            return request;
        }
    }
}
