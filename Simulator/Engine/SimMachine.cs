using System;
using System.Collections.Generic;
using Simulator.Engine.Disk;
using Simulator.Engine.Network;
using Simulator.Platform;

namespace Simulator.Engine;

/// <summary>
/// A machine of the simulated world: a disk and a clock that outlive its processes, and at most one process at a time. All
/// control of a machine happens between two events of its process.
/// </summary>
public sealed class SimMachine
{
    internal SimMachine(SimWorld world, string name, int number)
    {
        World = world;
        Name = name;
        Number = number;
        Clock = new SimClock(world, name);
        Disk = new SimDisk(world, this);
    }

    /// <summary>The world it stands in.</summary>
    public SimWorld World { get; }

    /// <summary>Its name and host name.</summary>
    public string Name { get; }

    /// <summary>1 for the first machine of the world, and so on.</summary>
    public int Number { get; }

    /// <summary>Its clock.</summary>
    public SimClock Clock { get; }

    /// <summary>Its disk.</summary>
    public SimDisk Disk { get; }

    /// <summary>The running process, or null.</summary>
    public SimProcess? Process { get; private set; }

    /// <summary>How many connections may wait to be accepted at any of its ports.</summary>
    internal EffectsInForce<int> Backlog { get; } = new(int.MaxValue, Math.Min);

    /// <summary>The ends of connections that no process has any more and whose last bytes have not got across: the kernel goes on with them.</summary>
    internal List<SimConnection> Lingering { get; } = [];

    /// <summary>True while the machine has power; without it nothing answers, not even with a reset.</summary>
    public bool HasPower { get; private set; } = true;

    /// <summary>True while a process runs.</summary>
    public bool IsUp => Process is not null;

    /// <summary>Number of processes that it has run so far, the running one included.</summary>
    public int Incarnations { get; private set; }

    /// <summary>True if its last process ended by itself: neither runs now nor was killed.</summary>
    public bool HasExited { get; private set; }

    /// <summary>Whether the end of the running program by itself is followed by a restart; once.</summary>
    public bool RestartsOnExit { get; set; }

    /// <summary>What a restart runs: the program given to the last <see cref="Start"/>.</summary>
    public Func<Node, LoopTask>? Program { get; private set; }

    /// <summary>Called when the program ended by itself, with its exception if it failed. Unset, a failure fails the run.</summary>
    public Action<SimMachine, Exception?>? Exited { get; set; }

    /// <summary>Starts a program; the process ends when its task does.</summary>
    /// <exception cref="InvalidOperationException">A process runs already.</exception>
    public void Start(Func<Node, LoopTask> program)
    {
        if (Process is not null) throw new InvalidOperationException($"{Name} runs a process already.");
        if (!HasPower)
        {
            HasPower = true;
            Clock.Boot();
            World.Network.ReleaseHeld();
        }

        Program = program;
        HasExited = RestartsOnExit = false;
        Note("start");
        var process = new SimProcess(this, ++Incarnations);
        Process = process;
        process.Launch(program);
    }

    /// <summary>Starts the last program again.</summary>
    public void Restart() => Start(Program ?? throw new InvalidOperationException($"{Name} has never been started."));

    /// <summary>The process dies between two events; the page cache survives, peers see resets.</summary>
    public void Crash() => Crash(outcome: null);

    /// <summary>The same, with a stream that draws how much was done of the writes under way; without one the disk's own does.</summary>
    public void Crash(RandomStream? outcome)
    {
        if (Process is not { } process) return;
        Note("crash");
        Process = null;
        RestartsOnExit = false;
        process.Kill(resetPeers: true, outcome);
    }

    /// <summary>
    /// The process dies right after the n-th of its events from now: at any await of its code, not only when a timer of the world
    /// fires. Ending the effect calls it off. Null without a process, or if such a crash is to come already.
    /// </summary>
    public FaultEffect? CrashAfterEvents(long events, RandomStream? outcome)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(events, 1);
        if (Process is not { } process) return null;
        return process.ArmCrash(events, () =>
        {
            if (Process != process) return;
            World.Faults.AddEffect(EffectNames.CrashAtEvent);
            Crash(outcome);
        });
    }

    /// <summary>The machine loses power: the process dies silently and the disk forgets what was not synced.</summary>
    public void LosePower() => LosePower(outcome: null);

    /// <summary>The same, but otherwise.</summary>
    /// <param name="outcome">Draws what the disk forgets; without one its own stream does.</param>
    /// <param name="losses">What it may forget.</param>
    /// <param name="rate">The share of the blocks, entries and renames that it forgets of those that it may forget one by one.</param>
    public void LosePower(RandomStream? outcome, DiskLosses losses = DiskLosses.Ordered, double rate = 0.5)
    {
        Note("power loss");
        var process = Process;
        Process = null;
        HasPower = HasExited = RestartsOnExit = false;
        process?.Kill(resetPeers: false, outcome);
        foreach (var end in Lingering.ToArray()) end.OnPowerLoss();
        Disk.LosePower(outcome, losses, rate);
    }

    /// <summary>
    /// The process stops running for a while; its clocks go on, and so does the network's side of its connections. Ending the
    /// effect thaws it at once; of several freezes the longest holds. Null without a process.
    /// </summary>
    public FaultEffect? Freeze(TimeSpan span) => Process?.FreezeUntil(World.NowMicros + (long)span.TotalMicroseconds);

    /// <summary>Ends all freezes at once.</summary>
    public void Thaw() => Process?.Thaw();

    /// <summary>Runs something on the process's loop as an event of its own; ignored when there is no process.</summary>
    public void Invoke(Action action) => Process?.Invoke(action);

    internal void OnExited(SimProcess process, Exception? error)
    {
        if (Process != process) return;
        Note(error is null ? "exit" : $"exit: {error.Message}");
        Process = null;
        HasExited = true;
        var restarts = RestartsOnExit;
        process.Kill(resetPeers: true);
        if (Exited is { } exited) exited(this, error);
        else if (error is not null) World.Report(new SimFailure("no-unhandled-exception", $"{Name}: {error}", error));
        if (restarts && !IsUp) Restart();
    }

    private void Note(string what)
    {
        World.Mix(what);
        World.Timeline?.Mark(Name, "process", what);
        if (World.Trace.IsOn) World.Trace.Write(Name, "process", what);
    }
}
