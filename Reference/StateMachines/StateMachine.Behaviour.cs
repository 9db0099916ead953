using System;

namespace Reference.StateMachines;

public sealed partial class StateMachine<TState, TTrigger>
{
    private enum BehaviourKind
    {
        /// <summary>Leaves the state for another one.</summary>
        Permit,

        /// <summary>Leaves the declaring state and enters it again.</summary>
        Reentry,

        /// <summary>Is legal and does nothing.</summary>
        Ignore,

        /// <summary>Runs an action and leaves the state alone.</summary>
        Internal,
    }

    /// <summary>What one state does on one trigger, while its guard holds.</summary>
    private sealed record Behaviour(
        BehaviourKind Kind, TTrigger Trigger, TState Destination, Func<bool>? Guard, string GuardDescription, Action<Transition>? Action)
    {
        public bool IsOpen => Guard is null || Guard();
    }
}
