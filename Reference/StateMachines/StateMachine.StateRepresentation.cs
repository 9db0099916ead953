using System;
using System.Collections.Generic;
using System.Linq;
using Reference.StateMachines.Reflection;

namespace Reference.StateMachines;

public sealed partial class StateMachine<TState, TTrigger>
{
    /// <summary>One declared state: its behaviours, its actions and its place in the hierarchy.</summary>
    private sealed class StateRepresentation(TState state)
    {
        private readonly Dictionary<TTrigger, List<Behaviour>> _behaviours = [];
        private readonly List<(Action<Transition> Action, string Description)> _entry = [];
        private readonly List<(Action<Transition> Action, string Description)> _exit = [];
        private readonly List<StateRepresentation> _substates = [];

        public TState State => state;

        public StateRepresentation? Superstate { get; private set; }

        public void Add(Behaviour behaviour)
        {
            if (!_behaviours.TryGetValue(behaviour.Trigger, out var list))
                _behaviours.Add(behaviour.Trigger, list = []);
            list.Add(behaviour);
        }

        public void AddEntry(Action<Transition> action, string? description) => _entry.Add((action, description ?? ""));

        public void AddExit(Action<Transition> action, string? description) => _exit.Add((action, description ?? ""));

        public void AttachTo(StateRepresentation superstate)
        {
            Superstate?._substates.Remove(this);
            Superstate = superstate;
            superstate._substates.Add(this);
        }

        /// <summary>The open behaviour of this state, or else of its nearest superstate that has one.</summary>
        public Behaviour? FindBehaviour(TTrigger trigger)
        {
            for (var at = this; at is not null; at = at.Superstate)
            {
                if (at._behaviours.TryGetValue(trigger, out var list) && at.OnlyOpen(list) is { } found)
                    return found;
            }

            return null;
        }

        public IEnumerable<TTrigger> PermittedTriggers()
        {
            var seen = new HashSet<TTrigger>();
            for (var at = this; at is not null; at = at.Superstate)
            {
                foreach (var (trigger, list) in at._behaviours)
                {
                    if (list.Any(b => b.IsOpen) && seen.Add(trigger))
                        yield return trigger;
                }
            }
        }

        public string UnmetGuards(TTrigger trigger)
        {
            var unmet = new List<string>();
            for (var at = this; at is not null; at = at.Superstate)
            {
                if (at._behaviours.TryGetValue(trigger, out var list))
                    unmet.AddRange(list.Where(b => !b.IsOpen).Select(b => b.GuardDescription.Length > 0 ? b.GuardDescription : "unnamed"));
            }

            return string.Join(", ", unmet);
        }

        public bool IsIncludedIn(TState candidate)
        {
            for (var at = this; at is not null; at = at.Superstate)
            {
                if (EqualityComparer<TState>.Default.Equals(at.State, candidate))
                    return true;
            }

            return false;
        }

        /// <summary>Runs the exit actions from this state outwards, as far as the destination lies outside.</summary>
        public void Exit(Transition transition)
        {
            if (transition.IsReentry)
            {
                Run(_exit, transition);
                return;
            }

            for (var at = this; at is not null && !at.Includes(transition.Destination); at = at.Superstate)
                Run(at._exit, transition);
        }

        /// <summary>Runs the entry actions inwards to this state, beginning inside what held the source already.</summary>
        public void Enter(Transition transition)
        {
            if (transition.IsReentry)
            {
                Run(_entry, transition);
                return;
            }

            if (Includes(transition.Source))
                return;
            Superstate?.Enter(transition);
            Run(_entry, transition);
        }

        public StateInfo ToInfo() => new(
            Text(state),
            Superstate is null ? null : Text(Superstate.State),
            [.. _behaviours.Values.SelectMany(list => list).Select(ToInfo)],
            Described(_entry),
            Described(_exit));

        private static TransitionInfo ToInfo(Behaviour behaviour) => new(
            Text(behaviour.Trigger),
            behaviour.Kind is BehaviourKind.Permit or BehaviourKind.Reentry ? Text(behaviour.Destination) : null,
            behaviour.GuardDescription.Length > 0 ? behaviour.GuardDescription : behaviour.Guard is null ? "" : "guarded");

        private static List<string> Described(List<(Action<Transition> Action, string Description)> actions) =>
            [.. actions.Select(a => a.Description).Where(d => d.Length > 0)];

        private static void Run(List<(Action<Transition> Action, string Description)> actions, Transition transition)
        {
            foreach (var (action, _) in actions)
                action(transition);
        }

        private bool Includes(TState other) =>
            EqualityComparer<TState>.Default.Equals(state, other) || _substates.Exists(s => s.Includes(other));

        private Behaviour? OnlyOpen(List<Behaviour> list)
        {
            Behaviour? found = null;
            foreach (var behaviour in list)
            {
                if (!behaviour.IsOpen)
                    continue;
                if (found is not null)
                    throw new InvalidOperationException(
                        $"Two transitions are open from state '{state}' for trigger '{behaviour.Trigger}': guards must exclude one another.");
                found = behaviour;
            }

            return found;
        }
    }
}
