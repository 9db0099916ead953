using System.Linq;
using System.Text;
using Reference.StateMachines.Reflection;

namespace Reference.StateMachines.Graph;

/// <summary>A machine as a Mermaid state diagram (<c>stateDiagram-v2</c>), which Markdown viewers draw.</summary>
public static class MermaidGraph
{
    /// <summary>The diagram, one transition a line, lines ended by a line feed.</summary>
    public static string Format(StateMachineInfo machineInfo)
    {
        var text = new StringBuilder("stateDiagram-v2\n");
        text.Append($"    [*] --> {machineInfo.InitialState}\n");
        foreach (var state in machineInfo.States.Where(s => s.Superstate is null))
            AppendState(text, machineInfo, state, "    ");
        foreach (var state in machineInfo.States)
        {
            foreach (var transition in state.Transitions.Where(t => t.Destination is not null))
                text.Append($"    {state.UnderlyingState} --> {transition.Destination} : {transition.Label}\n");
        }

        return text.ToString();
    }

    private static void AppendState(StringBuilder text, StateMachineInfo machine, StateInfo state, string indent)
    {
        var inner = machine.States.Where(s => s.Superstate == state.UnderlyingState).ToList();
        if (inner.Count > 0)
        {
            text.Append($"{indent}state {state.UnderlyingState} {{\n");
            foreach (var substate in inner)
                AppendState(text, machine, substate, indent + "    ");
            text.Append($"{indent}}}\n");
        }
        else
        {
            text.Append($"{indent}{state.UnderlyingState}\n");
        }

        foreach (var action in state.EntryActions)
            text.Append($"{indent}{state.UnderlyingState} : entry / {action}\n");
        foreach (var action in state.ExitActions)
            text.Append($"{indent}{state.UnderlyingState} : exit / {action}\n");
    }
}
