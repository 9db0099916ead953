using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reference.StateMachines.Reflection;

namespace Reference.StateMachines.Graph;

/// <summary>A machine as a Graphviz graph in the manner of UML.</summary>
public static class UmlDotGraph
{
    /// <summary>The graph in the DOT language, lines ended by a line feed.</summary>
    public static string Format(StateMachineInfo machineInfo)
    {
        var text = new StringBuilder("digraph {\ncompound=true;\nnode [shape=Mrecord]\nrankdir=\"LR\"\n");
        foreach (var state in machineInfo.States.Where(s => s.Superstate is null))
            AppendState(text, machineInfo, state);
        foreach (var state in machineInfo.States)
        {
            foreach (var transition in state.Transitions)
                AppendTransition(text, state, transition);
        }

        text.Append("init [label=\"\", shape=point];\n");
        text.Append($"init -> {Quote(machineInfo.InitialState)} [style=\"solid\"];\n}}\n");
        return text.ToString();
    }

    private static void AppendState(StringBuilder text, StateMachineInfo machine, StateInfo state)
    {
        var inner = machine.States.Where(s => s.Superstate == state.UnderlyingState).ToList();
        if (inner.Count > 0)
            text.Append($"subgraph {Quote("cluster" + state.UnderlyingState)} {{\nlabel = {Quote(state.UnderlyingState)}\n");
        text.Append($"{Quote(state.UnderlyingState)} [label={Quote(string.Join("|", Rows(state)))}];\n");
        foreach (var substate in inner)
            AppendState(text, machine, substate);
        if (inner.Count > 0)
            text.Append("}\n");
    }

    private static IEnumerable<string> Rows(StateInfo state)
    {
        yield return state.UnderlyingState;
        foreach (var action in state.EntryActions)
            yield return $"entry / {action}";
        foreach (var action in state.ExitActions)
            yield return $"exit / {action}";
    }

    private static void AppendTransition(StringBuilder text, StateInfo state, TransitionInfo transition)
    {
        var style = transition.Destination is null ? "dotted" : "solid";
        var destination = transition.Destination ?? state.UnderlyingState;
        text.Append($"{Quote(state.UnderlyingState)} -> {Quote(destination)} [style=\"{style}\", label={Quote(transition.Label)}];\n");
    }

    private static string Quote(string value) => $"\"{value.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
