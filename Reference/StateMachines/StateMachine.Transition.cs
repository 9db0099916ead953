using System.Collections.Generic;

namespace Reference.StateMachines;

public sealed partial class StateMachine<TState, TTrigger>
{
    /// <summary>One move of the machine.</summary>
    /// <param name="Source">The state that is left.</param>
    /// <param name="Destination">The state that is entered.</param>
    /// <param name="Trigger">What caused the move.</param>
    public readonly record struct Transition(TState Source, TState Destination, TTrigger Trigger)
    {
        /// <summary>Whether the state is left only to be entered again.</summary>
        public bool IsReentry => EqualityComparer<TState>.Default.Equals(Source, Destination);
    }
}
