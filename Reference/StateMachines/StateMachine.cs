using System;
using System.Collections.Generic;
using System.Linq;
using Reference.StateMachines.Reflection;

namespace Reference.StateMachines;

/// <summary>
/// A state machine whose legal transitions are declared once, decide at run time and draw the diagram in the docs.
/// Stands in for the Stateless package, with its names and its semantics: firing inside an action is queued until the
/// running transition is complete; a trigger that a state does not handle is looked up in its superstates.
/// For one thread: a node's loop. Nothing is shared between machines.
/// </summary>
/// <typeparam name="TState">The states, usually an enum.</typeparam>
/// <typeparam name="TTrigger">What moves the machine, usually an enum.</typeparam>
public sealed partial class StateMachine<TState, TTrigger>
    where TState : notnull
    where TTrigger : notnull
{
    private readonly Dictionary<TState, StateRepresentation> _states = [];
    private readonly Queue<TTrigger> _queued = new();
    private readonly Func<TState> _read;
    private readonly Action<TState> _write;
    private readonly TState _initial;
    private Action<Transition>? _transitioned;
    private Action<Transition>? _completed;
    private Action<TState, TTrigger>? _unhandled;
    private bool _firing;

    /// <summary>A machine that holds its state itself.</summary>
    public StateMachine(TState initialState)
    {
        var state = initialState;
        _initial = initialState;
        _read = () => state;
        _write = next => state = next;
    }

    /// <summary>A machine whose state lives elsewhere, for example in a record that is persisted.</summary>
    /// <param name="stateAccessor">Reads the state; called at each look.</param>
    /// <param name="stateMutator">Writes the state; called once a transition.</param>
    public StateMachine(Func<TState> stateAccessor, Action<TState> stateMutator)
    {
        ArgumentNullException.ThrowIfNull(stateAccessor);
        ArgumentNullException.ThrowIfNull(stateMutator);
        _read = stateAccessor;
        _write = stateMutator;
        _initial = stateAccessor();
    }

    /// <summary>The state the machine is in.</summary>
    public TState State => _read();

    /// <summary>The triggers that may fire now, those of superstates included, in the order of their declaration.</summary>
    public IEnumerable<TTrigger> PermittedTriggers => Representation(State).PermittedTriggers();

    /// <summary>Begins, or continues, the declaration of a state.</summary>
    public StateConfiguration Configure(TState state) => new(this, Representation(state));

    /// <summary>Whether the machine is in the state or in one of its substates.</summary>
    public bool IsInState(TState state) => Representation(State).IsIncludedIn(state);

    /// <summary>Whether firing the trigger now is legal; ignored triggers are.</summary>
    public bool CanFire(TTrigger trigger) => Representation(State).FindBehaviour(trigger) is not null;

    /// <summary>Moves the machine. Inside an action the trigger waits until the running transition is complete.</summary>
    /// <exception cref="InvalidOperationException">The state does not permit the trigger, or two guards let it through.</exception>
    public void Fire(TTrigger trigger)
    {
        _queued.Enqueue(trigger);
        if (_firing)
            return;
        _firing = true;
        try
        {
            while (_queued.TryDequeue(out var next))
                FireOne(next);
        }
        finally
        {
            // An illegal trigger or a throwing action leaves nothing behind to fire later.
            _queued.Clear();
            _firing = false;
        }
    }

    /// <summary>Calls the action in every transition after the state has changed and before its entry actions.</summary>
    public void OnTransitioned(Action<Transition> onTransitionAction) => _transitioned += onTransitionAction;

    /// <summary>Calls the action after every transition, its entry actions included.</summary>
    public void OnTransitionCompleted(Action<Transition> onTransitionAction) => _completed += onTransitionAction;

    /// <summary>Calls the action in place of throwing when a trigger is not permitted.</summary>
    public void OnUnhandledTrigger(Action<TState, TTrigger> unhandledTriggerAction) => _unhandled = unhandledTriggerAction;

    /// <summary>The declaration as data, for <see cref="Graph.UmlDotGraph"/> and <see cref="Graph.MermaidGraph"/>.</summary>
    public StateMachineInfo GetInfo()
    {
        var infos = _states.Values.Select(s => s.ToInfo()).ToList();
        return new StateMachineInfo(Text(_initial), infos);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"StateMachine {{ State = {State}, PermittedTriggers = {{ {string.Join(", ", PermittedTriggers)} }} }}";

    private static string Text(object value) => value.ToString() ?? "";

    private void FireOne(TTrigger trigger)
    {
        var source = State;
        var representation = Representation(source);
        if (representation.FindBehaviour(trigger) is not { } behaviour)
        {
            Reject(source, trigger, representation);
            return;
        }

        switch (behaviour.Kind)
        {
            case BehaviourKind.Ignore:
            case BehaviourKind.Permit when EqualityComparer<TState>.Default.Equals(source, behaviour.Destination):
                // A superstate's way into the substate that is held already is no reentry.
                break;
            case BehaviourKind.Internal:
                behaviour.Action!(new Transition(source, source, trigger));
                break;
            case BehaviourKind.Reentry:
                Reenter(representation, new Transition(source, behaviour.Destination, trigger));
                break;
            default:
                Move(representation, new Transition(source, behaviour.Destination, trigger));
                break;
        }
    }

    private void Move(StateRepresentation source, Transition transition)
    {
        source.Exit(transition);
        _write(transition.Destination);
        _transitioned?.Invoke(transition);
        Representation(transition.Destination).Enter(transition);
        _completed?.Invoke(transition);
    }

    /// <summary>Reentry declared by a superstate leaves its substates and the superstate, and enters the superstate alone.</summary>
    private void Reenter(StateRepresentation source, Transition transition)
    {
        if (transition.IsReentry)
        {
            Move(source, transition);
            return;
        }

        source.Exit(transition);
        var again = transition with { Source = transition.Destination };
        Move(Representation(transition.Destination), again);
    }

    private void Reject(TState state, TTrigger trigger, StateRepresentation representation)
    {
        if (_unhandled is { } handle)
        {
            handle(state, trigger);
            return;
        }

        var permitted = string.Join(", ", representation.PermittedTriggers());
        var unmet = representation.UnmetGuards(trigger);
        throw new InvalidOperationException(
            $"Trigger '{trigger}' is not permitted in state '{state}'"
            + (unmet.Length > 0 ? $": guard not met ({unmet})" : "")
            + $". Permitted triggers: {(permitted.Length > 0 ? permitted : "none")}.");
    }

    private StateRepresentation Representation(TState state)
    {
        if (!_states.TryGetValue(state, out var found))
            _states.Add(state, found = new StateRepresentation(state));
        return found;
    }
}
