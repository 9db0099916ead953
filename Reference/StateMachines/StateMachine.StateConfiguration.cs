using System;
using System.Collections.Generic;

namespace Reference.StateMachines;

public sealed partial class StateMachine<TState, TTrigger>
{
    /// <summary>Declares what one state permits and does; every call returns itself, so that a state reads as a sentence.</summary>
    public sealed class StateConfiguration
    {
        private readonly StateRepresentation _representation;

        internal StateConfiguration(StateMachine<TState, TTrigger> machine, object representation)
        {
            Machine = machine;
            _representation = (StateRepresentation)representation;
        }

        /// <summary>The state that is declared.</summary>
        public TState State => _representation.State;

        /// <summary>The machine that is declared.</summary>
        public StateMachine<TState, TTrigger> Machine { get; }

        /// <summary>The trigger leads to the destination.</summary>
        /// <exception cref="ArgumentException">The destination is the state itself.</exception>
        public StateConfiguration Permit(TTrigger trigger, TState destinationState) =>
            AddPermit(trigger, destinationState, null, null);

        /// <summary>The trigger leads to the destination while the guard holds.</summary>
        /// <param name="trigger">What causes the move.</param>
        /// <param name="destinationState">Where it leads.</param>
        /// <param name="guard">A pure condition; the guards of one trigger must exclude one another.</param>
        /// <param name="guardDescription">The condition in words, for the diagram and the message of a refusal.</param>
        /// <exception cref="ArgumentException">The destination is the state itself.</exception>
        public StateConfiguration PermitIf(TTrigger trigger, TState destinationState, Func<bool> guard, string? guardDescription = null) =>
            AddPermit(trigger, destinationState, guard, guardDescription);

        /// <summary>The trigger leaves the state and enters it again.</summary>
        public StateConfiguration PermitReentry(TTrigger trigger) => Add(BehaviourKind.Reentry, trigger, State);

        /// <summary>The trigger leaves the state and enters it again while the guard holds.</summary>
        public StateConfiguration PermitReentryIf(TTrigger trigger, Func<bool> guard, string? guardDescription = null) =>
            Add(BehaviourKind.Reentry, trigger, State, guard, guardDescription);

        /// <summary>The trigger is legal and does nothing.</summary>
        public StateConfiguration Ignore(TTrigger trigger) => Add(BehaviourKind.Ignore, trigger, State);

        /// <summary>The trigger is legal and does nothing while the guard holds.</summary>
        public StateConfiguration IgnoreIf(TTrigger trigger, Func<bool> guard, string? guardDescription = null) =>
            Add(BehaviourKind.Ignore, trigger, State, guard, guardDescription);

        /// <summary>The trigger runs an action; the state is neither left nor entered.</summary>
        public StateConfiguration InternalTransition(TTrigger trigger, Action<Transition> internalAction) =>
            Add(BehaviourKind.Internal, trigger, State, action: internalAction);

        /// <summary>Runs when the state is entered from outside.</summary>
        public StateConfiguration OnEntry(Action entryAction, string? entryActionDescription = null) =>
            OnEntry(_ => entryAction(), entryActionDescription);

        /// <summary>Runs when the state is entered from outside.</summary>
        public StateConfiguration OnEntry(Action<Transition> entryAction, string? entryActionDescription = null)
        {
            _representation.AddEntry(entryAction, entryActionDescription);
            return this;
        }

        /// <summary>Runs when the state is entered from outside by the trigger.</summary>
        public StateConfiguration OnEntryFrom(TTrigger trigger, Action<Transition> entryAction, string? entryActionDescription = null) =>
            OnEntry(
                t =>
                {
                    if (EqualityComparer<TTrigger>.Default.Equals(t.Trigger, trigger))
                        entryAction(t);
                },
                entryActionDescription);

        /// <summary>Runs when the state is left, for a state that is not one of its substates.</summary>
        public StateConfiguration OnExit(Action exitAction, string? exitActionDescription = null) =>
            OnExit(_ => exitAction(), exitActionDescription);

        /// <summary>Runs when the state is left, for a state that is not one of its substates.</summary>
        public StateConfiguration OnExit(Action<Transition> exitAction, string? exitActionDescription = null)
        {
            _representation.AddExit(exitAction, exitActionDescription);
            return this;
        }

        /// <summary>Puts the state inside another, whose transitions it inherits.</summary>
        /// <exception cref="ArgumentException">The other state lies inside this one, or is this one.</exception>
        public StateConfiguration SubstateOf(TState superstate)
        {
            var outer = Machine.Representation(superstate);
            if (outer.IsIncludedIn(State))
                throw new ArgumentException($"'{superstate}' lies inside '{State}' already", nameof(superstate));
            _representation.AttachTo(outer);
            return this;
        }

        private StateConfiguration AddPermit(TTrigger trigger, TState destination, Func<bool>? guard, string? description)
        {
            if (EqualityComparer<TState>.Default.Equals(destination, State))
                throw new ArgumentException($"'{State}' leads to itself on '{trigger}': declare PermitReentry or Ignore", nameof(destination));
            return Add(BehaviourKind.Permit, trigger, destination, guard, description);
        }

        private StateConfiguration Add(
            BehaviourKind kind, TTrigger trigger, TState destination, Func<bool>? guard = null, string? description = null, Action<Transition>? action = null)
        {
            _representation.Add(new Behaviour(kind, trigger, destination, guard, description ?? "", action));
            return this;
        }
    }
}
