using System;
using System.Collections.Generic;
using Reference.StateMachines;
using Xunit;

namespace Tests.Reference.StateMachines;

/// <summary>The semantics of the Stateless package, rule by rule.</summary>
public sealed class StateMachineTests
{
    private readonly List<string> _log = [];

    private enum Door
    {
        Closed,
        Open,
        Locked,
        Broken,
    }

    private enum Act
    {
        Push,
        Pull,
        Turn,
        Kick,
    }

    [Fact]
    public void A_permitted_trigger_moves_the_machine()
    {
        var door = new StateMachine<Door, Act>(Door.Closed);
        door.Configure(Door.Closed).Permit(Act.Push, Door.Open).Permit(Act.Turn, Door.Locked);

        Assert.True(door.CanFire(Act.Push));
        door.Fire(Act.Push);

        Assert.Equal(Door.Open, door.State);
    }

    [Fact]
    public void An_illegal_trigger_names_the_state_the_trigger_and_what_is_permitted()
    {
        var door = new StateMachine<Door, Act>(Door.Closed);
        door.Configure(Door.Closed).Permit(Act.Push, Door.Open).Ignore(Act.Turn);

        var refused = Assert.Throws<InvalidOperationException>(() => door.Fire(Act.Kick));

        Assert.Equal("Trigger 'Kick' is not permitted in state 'Closed'. Permitted triggers: Push, Turn.", refused.Message);
        Assert.Equal(Door.Closed, door.State);
        Assert.False(door.CanFire(Act.Kick));
    }

    [Fact]
    public void A_guard_that_does_not_hold_is_named_in_the_refusal()
    {
        var key = false;
        var door = new StateMachine<Door, Act>(Door.Locked);
        door.Configure(Door.Locked).PermitIf(Act.Turn, Door.Closed, () => key, "has the key");

        var refused = Assert.Throws<InvalidOperationException>(() => door.Fire(Act.Turn));
        Assert.Equal("Trigger 'Turn' is not permitted in state 'Locked': guard not met (has the key). Permitted triggers: none.", refused.Message);

        key = true;
        Assert.Equal([Act.Turn], door.PermittedTriggers);
        door.Fire(Act.Turn);
        Assert.Equal(Door.Closed, door.State);
    }

    [Fact]
    public void Two_open_guards_are_a_mistake_of_the_declaration()
    {
        var door = new StateMachine<Door, Act>(Door.Closed);
        door.Configure(Door.Closed).PermitIf(Act.Push, Door.Open, () => true).PermitIf(Act.Push, Door.Broken, () => true);

        Assert.Contains("must exclude one another", Assert.Throws<InvalidOperationException>(() => door.Fire(Act.Push)).Message);
    }

    [Fact]
    public void Exit_state_change_notice_entry_and_completion_come_in_this_order()
    {
        var door = new StateMachine<Door, Act>(Door.Closed);
        door.Configure(Door.Closed).Permit(Act.Push, Door.Open).OnExit(t => _log.Add($"exit {t.Source} in {door.State}"));
        door.Configure(Door.Open).OnEntry(t => _log.Add($"entry {t.Destination} by {t.Trigger}"));
        door.OnTransitioned(t => _log.Add($"{t.Source}->{t.Destination} in {door.State}"));
        door.OnTransitionCompleted(_ => _log.Add("completed"));

        door.Fire(Act.Push);

        Assert.Equal(["exit Closed in Closed", "Closed->Open in Open", "entry Open by Push", "completed"], _log);
    }

    [Fact]
    public void Ignoring_does_nothing_reentry_leaves_and_enters_internal_only_acts()
    {
        var door = new StateMachine<Door, Act>(Door.Closed);
        door.Configure(Door.Closed).Ignore(Act.Push).PermitReentry(Act.Pull)
            .InternalTransition(Act.Turn, _ => _log.Add("turned"))
            .OnEntry(() => _log.Add("entry")).OnExit(() => _log.Add("exit"));

        door.Fire(Act.Push);
        Assert.Empty(_log);
        door.Fire(Act.Pull);
        door.Fire(Act.Turn);

        Assert.Equal(["exit", "entry", "turned"], _log);
    }

    [Fact]
    public void A_substate_inherits_what_it_does_not_handle_and_stays_inside_its_superstate()
    {
        var door = new StateMachine<Door, Act>(Door.Closed);
        door.Configure(Door.Closed).Permit(Act.Kick, Door.Broken).OnExit(() => _log.Add("exit Closed")).OnEntry(() => _log.Add("entry Closed"));
        door.Configure(Door.Locked).SubstateOf(Door.Closed).Permit(Act.Turn, Door.Closed)
            .OnEntry(() => _log.Add("entry Locked")).OnExit(() => _log.Add("exit Locked"));
        door.Configure(Door.Closed).Permit(Act.Turn, Door.Locked);

        door.Fire(Act.Turn);
        Assert.True(door.IsInState(Door.Closed));
        Assert.Equal([Act.Turn, Act.Kick], door.PermittedTriggers);
        door.Fire(Act.Kick);

        Assert.Equal(["entry Locked", "exit Locked", "exit Closed"], _log);
        Assert.Equal(Door.Broken, door.State);
        Assert.False(door.IsInState(Door.Closed));
    }

    [Fact]
    public void Reentry_of_a_superstate_leaves_its_substate_behind()
    {
        var door = new StateMachine<Door, Act>(Door.Locked);
        door.Configure(Door.Closed).PermitReentry(Act.Push).OnExit(() => _log.Add("exit Closed")).OnEntry(() => _log.Add("entry Closed"));
        door.Configure(Door.Locked).SubstateOf(Door.Closed).OnExit(() => _log.Add("exit Locked"));

        door.Fire(Act.Push);

        Assert.Equal(Door.Closed, door.State);
        Assert.Equal(["exit Locked", "exit Closed", "entry Closed"], _log);
    }

    [Fact]
    public void Firing_inside_an_action_waits_for_the_running_transition()
    {
        var door = new StateMachine<Door, Act>(Door.Closed);
        door.Configure(Door.Closed).Permit(Act.Push, Door.Open);
        door.Configure(Door.Open).Permit(Act.Kick, Door.Broken).OnEntry(() =>
        {
            door.Fire(Act.Kick);
            _log.Add($"still {door.State}");
        });
        door.Configure(Door.Broken).OnEntry(() => _log.Add("broken"));

        door.Fire(Act.Push);

        Assert.Equal(["still Open", "broken"], _log);
    }

    [Fact]
    public void A_throwing_action_leaves_no_queued_trigger_behind()
    {
        var door = new StateMachine<Door, Act>(Door.Closed);
        door.Configure(Door.Closed).Permit(Act.Push, Door.Open);
        door.Configure(Door.Open).Permit(Act.Kick, Door.Broken).Permit(Act.Pull, Door.Closed).OnEntry(() =>
        {
            door.Fire(Act.Kick);
            throw new TimeoutException();
        });

        Assert.Throws<TimeoutException>(() => door.Fire(Act.Push));
        door.Fire(Act.Pull);

        Assert.Equal(Door.Closed, door.State);
    }

    [Fact]
    public void The_state_may_live_outside()
    {
        var record = (State: Door.Closed, Writes: 0);
        var door = new StateMachine<Door, Act>(() => record.State, s => record = (s, record.Writes + 1));
        door.Configure(Door.Closed).Permit(Act.Push, Door.Open).PermitReentry(Act.Pull);

        door.Fire(Act.Pull);
        door.Fire(Act.Push);

        Assert.Equal((Door.Open, 2), record);
    }

    [Fact]
    public void An_unhandled_trigger_can_be_taken_over()
    {
        var door = new StateMachine<Door, Act>(Door.Closed);
        door.OnUnhandledTrigger((state, trigger) => _log.Add($"{trigger} in {state}"));

        door.Fire(Act.Kick);

        Assert.Equal(["Kick in Closed"], _log);
    }

    [Fact]
    public void Mistaken_declarations_are_refused_at_once()
    {
        var door = new StateMachine<Door, Act>(Door.Closed);
        Assert.Throws<ArgumentException>(() => door.Configure(Door.Closed).Permit(Act.Push, Door.Closed));
        door.Configure(Door.Locked).SubstateOf(Door.Closed);
        Assert.Throws<ArgumentException>(() => door.Configure(Door.Closed).SubstateOf(Door.Locked));
        Assert.Throws<ArgumentException>(() => door.Configure(Door.Closed).SubstateOf(Door.Closed));
    }

    [Fact]
    public void Entry_from_a_trigger_runs_for_that_trigger_alone()
    {
        var door = new StateMachine<Door, Act>(Door.Closed);
        door.Configure(Door.Closed).Permit(Act.Push, Door.Open).Permit(Act.Kick, Door.Open);
        door.Configure(Door.Open).Permit(Act.Pull, Door.Closed).OnEntryFrom(Act.Kick, _ => _log.Add("kicked in"));

        door.Fire(Act.Push);
        door.Fire(Act.Pull);
        Assert.Empty(_log);
        door.Fire(Act.Kick);

        Assert.Equal(["kicked in"], _log);
    }
}
