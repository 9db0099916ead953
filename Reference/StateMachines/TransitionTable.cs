using System.Collections.Generic;

namespace Reference.StateMachines;

/// <summary>Legal transitions as a table, from which any number of machines are made. A transition into its own state is a reentry.</summary>
/// <typeparam name="TState">The states.</typeparam>
/// <typeparam name="TTrigger">What moves a machine.</typeparam>
public sealed class TransitionTable<TState, TTrigger>(params IReadOnlyList<(TState From, TTrigger Trigger, TState To)> transitions)
    where TState : notnull
    where TTrigger : notnull
{
    /// <summary>A machine that begins in a state.</summary>
    public StateMachine<TState, TTrigger> CreateMachine(TState initial)
    {
        var machine = new StateMachine<TState, TTrigger>(initial);
        foreach (var (from, trigger, to) in transitions)
        {
            if (EqualityComparer<TState>.Default.Equals(from, to)) machine.Configure(from).PermitReentry(trigger);
            else machine.Configure(from).Permit(trigger, to);
        }

        return machine;
    }
}
