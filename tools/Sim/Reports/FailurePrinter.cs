using System.Collections.Generic;
using System.IO;
using System.Linq;
using Simulator.Engine.Exploration;

namespace tools.Sim.Reports;

/// <summary>A failing seed, explained: property, state, last events, and the command that replays it.</summary>
internal static class FailurePrinter
{
    public const int LinesShown = 25;

    public static string ReplayCommand(SeedResult result, int? mutant = null) =>
        $"dotnet run --project tools/Sim -c Release -- replay {result.ReplayFile ?? $"{result.Scenario} {result.Seed}"}{(mutant is { } id ? $" --mutant {id}" : string.Empty)}";

    public static void Print(TextWriter output, SeedResult result, int lines = LinesShown, int? mutant = null)
    {
        output.WriteLine();
        output.WriteLine($"FAILED      {result.Scenario} seed {result.Seed}");
        PrintVerdict(output, result, lines);
        output.WriteLine($"replay      {ReplayCommand(result, mutant)}");
    }

    public static void PrintReplay(TextWriter output, SeedResult result)
    {
        output.WriteLine($"{(result.WasStopped ? "stopped    " : result.Passed ? "passed     " : "FAILED     ")} {result.Scenario} seed {result.Seed}");
        PrintVerdict(output, result, int.MaxValue);
    }

    private static void PrintVerdict(TextWriter output, SeedResult result, int lines)
    {
        if (result.Failure is { } failure)
        {
            output.WriteLine($"property    {failure.Property}");
            output.WriteLine($"state       {failure.Message}");
            output.WriteLine($"when        {failure.AtMicros / 1e6:F6} s, event {failure.AtEvent}");
        }

        output.WriteLine($"seed chose  {string.Join(", ", result.Configuration.Select(c => $"{c.Key}={c.Value}"))}");
        output.WriteLine($"figures     {string.Join(", ", result.Metrics.Select(c => $"{c.Key}={c.Value}"))}");
        output.WriteLine($"faults      {Hits(result.Faults)}");
        if (result.FaultEffects.Values.Any(count => count > 0)) output.WriteLine($"effects     {Hits(result.FaultEffects.Where(e => e.Value > 0))}");
        if (result.FaultVetoes.Count > 0) output.WriteLine($"vetoes      {Hits(result.FaultVetoes)}");
        if (result.Trace.Count > 0)
        {
            output.WriteLine("last events");
            foreach (var line in result.Trace.TakeLast(lines)) output.WriteLine("  " + line);
        }

        output.WriteLine($"events      {result.Events}");
        output.WriteLine($"hash        {SummaryPrinter.Hex(result.Hash)}");
    }

    private static string Hits(IEnumerable<KeyValuePair<string, long>> hits) => string.Join(", ", hits.Select(h => $"{h.Key} {h.Value}"));
}
