using System.Collections.Generic;

namespace Reference.StateMachines.Reflection;

/// <summary>A declared machine as data.</summary>
/// <param name="InitialState">The state it began in.</param>
/// <param name="States">Every declared state and every destination, in the order of their first mention.</param>
public sealed record StateMachineInfo(string InitialState, IReadOnlyList<StateInfo> States);

/// <summary>A declared state as data.</summary>
/// <param name="UnderlyingState">Its name.</param>
/// <param name="Superstate">The state it lies in, if any.</param>
/// <param name="Transitions">What it does on its triggers, those of its superstates not included.</param>
/// <param name="EntryActions">Descriptions of the entry actions that have one.</param>
/// <param name="ExitActions">Descriptions of the exit actions that have one.</param>
public sealed record StateInfo(
    string UnderlyingState,
    string? Superstate,
    IReadOnlyList<TransitionInfo> Transitions,
    IReadOnlyList<string> EntryActions,
    IReadOnlyList<string> ExitActions);

/// <summary>What one trigger does in one state.</summary>
/// <param name="Trigger">The trigger's name.</param>
/// <param name="Destination">Where it leads; null where the state stays.</param>
/// <param name="Guard">The condition in words; empty without one.</param>
public sealed record TransitionInfo(string Trigger, string? Destination, string Guard)
{
    /// <summary>The trigger with its guard in brackets, as diagrams show it.</summary>
    public string Label => Guard.Length > 0 ? $"{Trigger} [{Guard}]" : Trigger;
}
