using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Simulator.Engine.Exploration;

namespace Simulator.Engine.Simulations;

/// <summary>A failing seed in words: property, state, what the seed chose, the last events and how to run it again.</summary>
public static class FailureText
{
    private const int LinesShown = 25;

    /// <summary>The text; lines end in '\n'.</summary>
    /// <param name="result">A failing result; its trace is shown if it was kept.</param>
    /// <param name="replay">The command that runs this seed again.</param>
    public static string Of(SeedResult result, string replay)
    {
        var text = new StringBuilder();
        if (result.Failure is { } failure)
        {
            text.Append(CultureInfo.InvariantCulture, $"Property {failure.Property} failed at seed {result.Seed} of {result.Scenario}, after {failure.AtMicros / 1e6:F6} s, event {failure.AtEvent}:\n");
            text.Append(failure.Message).Append('\n');
        }

        Append(text, "seed chose", result.Configuration);
        Append(text, "figures", result.Metrics);
        Append(text, "faults", result.Faults);
        if (result.Trace.Count > 0)
        {
            text.Append("last events:\n");
            foreach (var line in result.Trace.TakeLast(LinesShown)) text.Append("  ").Append(line).Append('\n');
        }

        return text.Append(CultureInfo.InvariantCulture, $"hash 0x{result.Hash:x16}\n").Append("replay: ").Append(replay).ToString();
    }

    private static void Append<T>(StringBuilder text, string name, IReadOnlyDictionary<string, T> values)
    {
        if (values.Count > 0) text.Append(name).Append(": ").AppendJoin(", ", values.Select(v => $"{v.Key}={v.Value}")).Append('\n');
    }
}
