using System;
using Simulator.Engine.Disk;
using Simulator.Platform;

namespace Simulator.Engine;

/// <summary>
/// A machine of the simulated world: a disk and a clock that outlive its processes, and at most one process at a time. All
/// control of a machine happens between two events of its process.
/// </summary>
public sealed class SimMachine
{
    private int _incarnations;

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

    /// <summary>True while the machine has power; without it nothing answers, not even with a reset.</summary>
    public bool HasPower { get; private set; } = true;

    /// <summary>True while a process runs.</summary>
    public bool IsUp => Process is not null;

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
        Note("start");
        var process = new SimProcess(this, ++_incarnations);
        Process = process;
        process.Launch(program);
    }

    /// <summary>Starts the last program again.</summary>
    public void Restart() => Start(Program ?? throw new InvalidOperationException($"{Name} has never been started."));

    /// <summary>The process dies between two events; the page cache survives, peers see resets.</summary>
    public void Crash()
    {
        if (Process is not { } process) return;
        Note("crash");
        Process = null;
        process.Kill(resetPeers: true);
    }

    /// <summary>The machine loses power: the process dies silently and the disk forgets what was not synced.</summary>
    public void LosePower()
    {
        Note("power loss");
        var process = Process;
        Process = null;
        HasPower = false;
        process?.Kill(resetPeers: false);
        Disk.LosePower();
    }

    /// <summary>The process stops running for a while; its clocks go on, and so does the network's side of its connections.</summary>
    public void Freeze(TimeSpan span) => Process?.FreezeUntil(World.NowMicros + (long)span.TotalMicroseconds);

    /// <summary>Runs something on the process's loop as an event of its own; ignored when there is no process.</summary>
    public void Invoke(Action action) => Process?.Invoke(action);

    internal void OnExited(SimProcess process, Exception? error)
    {
        if (Process != process) return;
        Note(error is null ? "exit" : $"exit: {error.Message}");
        Process = null;
        process.Kill(resetPeers: true);
        if (Exited is { } exited) exited(this, error);
        else if (error is not null) World.Report(new SimFailure("no-unhandled-exception", $"{Name}: {error}", error));
    }

    private void Note(string what)
    {
        World.Mix(what);
        if (World.Trace.IsOn) World.Trace.Write(Name, "process", what);
    }
}
