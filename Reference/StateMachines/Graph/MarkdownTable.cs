using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reference.StateMachines.Reflection;

namespace Reference.StateMachines.Graph;

/// <summary>A machine as a Markdown table: a row a state, a column a trigger, in the cell where it leads; empty where it is refused.</summary>
public static class MarkdownTable
{
    private const string Stays = "(stays)";

    /// <summary>The table, lines ended by a line feed. States and triggers stand in the order of their first mention.</summary>
    public static string Format(StateMachineInfo machineInfo)
    {
        List<string> triggers = [.. machineInfo.States.SelectMany(s => s.Transitions).Select(t => t.Trigger).Distinct()];
        var text = new StringBuilder();
        AppendRow(text, "from", triggers);
        AppendRow(text, "---", triggers.Select(_ => "---"));
        foreach (var state in machineInfo.States) AppendRow(text, state.UnderlyingState, triggers.Select(trigger => Cell(machineInfo, state, trigger)));
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, string first, IEnumerable<string> others) => text.Append($"| {string.Join(" | ", [first, .. others])} |\n");

    /// <summary>What a state does on a trigger; if it says nothing of it, its superstate does.</summary>
    private static string Cell(StateMachineInfo machine, StateInfo state, string trigger)
    {
        for (var level = state; level is not null; level = machine.States.FirstOrDefault(s => s.UnderlyingState == level.Superstate))
        {
            var ways = level.Transitions.Where(t => t.Trigger == trigger).Select(Describe).ToList();
            if (ways.Count > 0) return string.Join(", ", ways);
        }

        return string.Empty;
    }

    private static string Describe(TransitionInfo transition) =>
        transition.Guard.Length > 0 ? $"{transition.Destination ?? Stays} [{transition.Guard}]" : transition.Destination ?? Stays;
}
