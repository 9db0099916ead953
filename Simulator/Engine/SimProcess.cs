using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Engine.Network;
using Simulator.Platform;

namespace Simulator.Engine;

/// <summary>One incarnation of a machine's process: a loop, and the connections and listeners that die with it.</summary>
public sealed class SimProcess
{
    private readonly List<SimConnection> _connections = [];
    private readonly List<LoopEvent> _heldBack = [];
    private bool _hasBeenFrozen;
    private long _eventsToCrash;
    private Action? _crash;
    private readonly EffectsInForce<long> _frozenUntil;

    internal SimProcess(SimMachine machine, int incarnation)
    {
        Machine = machine;
        Incarnation = incarnation;
        _frozenUntil = new EffectsInForce<long>(0, Math.Max, ReleaseHeldBack);
        Loop = new Loop(machine.Name, machine.World.Wheel)
        {
            Tag = this,
            UnhandledException = e => EndSoon(e),
            OutlivedException = e => machine.World.Report(new SimFailure("no-unhandled-exception", $"{machine.Name} outlived a bug: {e}", e)),
        };
        Node = new Node(
            machine.Name,
            Loop,
            machine.Clock,
            new ProcessNetwork(this),
            machine.Disk,
            new ProcessRandom(machine.World, machine.Name),
            new SimLoggerFactory(machine.World, machine.Name),
            machine.World.Buggify);
    }

    /// <summary>The machine it runs on.</summary>
    public SimMachine Machine { get; }

    /// <summary>1 for the machine's first process, and so on.</summary>
    public int Incarnation { get; }

    /// <summary>What the program sees.</summary>
    public Node Node { get; }

    /// <summary>Its loop.</summary>
    public Loop Loop { get; }

    /// <summary>True while its events are held back.</summary>
    public bool IsFrozen => _frozenUntil.Value > Machine.World.NowMicros;

    /// <summary>Its listeners by port.</summary>
    internal SortedDictionary<int, SimListener> Listeners { get; } = [];

    internal int NextEphemeralPort { get; set; } = 40_000;

    internal void Launch(Func<Node, LoopTask> program) => Schedule(new InvokeEvent(() => Loop.Spawn(RunProgram(program))));

    internal void Invoke(Action action) => Schedule(new InvokeEvent(action));

    /// <summary>Puts an event of the process at the present instant.</summary>
    internal void Schedule(LoopEvent item) => Loop.Schedule(item, Machine.World.NowMicros);

    internal FaultEffect FreezeUntil(long micros)
    {
        _hasBeenFrozen = true;
        if (!IsFrozen) _heldBack.Clear();
        return _frozenUntil.Begin(micros);
    }

    internal void Thaw() => _frozenUntil.Clear();

    /// <summary>True for an event that waits for the end of a freeze.</summary>
    internal bool HoldsBack(LoopEvent item) => IsFrozen && _heldBack.Contains(item);

    /// <summary>Fires an event of the process now, or puts it off to the end of the freeze.</summary>
    internal void Deliver(LoopEvent item)
    {
        if (_hasBeenFrozen && PutOff(item)) return;
        Machine.World.RunProcessEvent(this, item);
        if (_eventsToCrash > 0 && --_eventsToCrash == 0) _crash!();
    }

    /// <summary>Calls back between the n-th event from now and the next. Null if that is armed already.</summary>
    internal FaultEffect? ArmCrash(long afterEvents, Action crash)
    {
        if (_eventsToCrash > 0) return null;
        _eventsToCrash = afterEvents;
        _crash = crash;
        return new FaultEffect(_ => _eventsToCrash = 0);
    }

    /// <summary>The live connections to another machine.</summary>
    internal SimConnection[] ConnectionsTo(SimMachine peer) => _connections.Where(c => c.PeerMachine == peer).ToArray();

    internal void Register(SimConnection connection) => _connections.Add(connection);

    internal void Unregister(SimConnection connection) => _connections.Remove(connection);

    internal void Kill(bool resetPeers, RandomStream? outcome = null)
    {
        Loop.Abandon();
        Machine.Disk.AbandonWrites(outcome);
        Machine.Disk.ReleaseHeld();
        Listeners.Clear();
        foreach (var connection in _connections.ToArray()) connection.OnProcessDeath(resetPeers);
        _connections.Clear();
    }

    private bool PutOff(LoopEvent item)
    {
        if (IsFrozen)
        {
            HoldBack(item);
            return true;
        }

        _heldBack.Clear(); // thawed: these events may be used again for something else
        _hasBeenFrozen = false;
        return false;
    }

    private void HoldBack(LoopEvent item)
    {
        _heldBack.Add(item);
        Loop.Schedule(item, _frozenUntil.Value);
    }

    // The freeze ends earlier than it was to end: what waited for its end falls due by the new one.
    private void ReleaseHeldBack(long until)
    {
        if (!Loop.IsAlive) return;
        Machine.World.Timeline?.Frozen(Machine.Name, until);
        var early = _heldBack.FindAll(item => item.IsScheduled && item.DueMicros > until);
        _heldBack.RemoveAll(early.Contains);
        foreach (var item in early)
        {
            Loop.Cancel(item);
            Schedule(item);
        }
    }

    private async LoopTask RunProgram(Func<Node, LoopTask> program)
    {
        Exception? error = null;
        try
        {
            await program(Node);
        }
        catch (Exception e)
        {
            error = e;
        }

        EndSoon(error);
    }

    // A loop can be abandoned only between its events, so the world ends the process in an event of its own.
    private void EndSoon(Exception? error) => Machine.World.Schedule(TimeSpan.Zero, () => Machine.OnExited(this, error));

    private sealed class InvokeEvent(Action action) : LoopEvent
    {
        public override ushort Kind => EngineEventKinds.Invoke;

        protected override void Fire() => action();
    }

    private sealed class ProcessRandom(SimWorld world, string node) : IRandom
    {
        public RandomStream Stream(string purpose) => world.Random(node + "/" + purpose);
    }
}
