using System;
using Simulator.Engine;
using Simulator.Platform;

namespace Scenarios.Cluster;

/// <summary>Whoever starts the program of a machine, and starts it again after a pause when it has ended for a good reason.</summary>
public sealed class Supervisor(SimMachine machine)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(700);
    private long _errorsBefore;

    /// <summary>True if the disk has given the last process an error.</summary>
    public bool DiskFailed => machine.Disk.Errors > _errorsBefore;

    /// <summary>Starts the program; what restarts the machine starts the same one.</summary>
    public void Start(Func<Node, LoopTask> program) => machine.Start(node =>
    {
        _errorsBefore = machine.Disk.Errors;
        return program(node);
    });

    /// <summary>Starts the program again in a while, if nobody else has and it is still wanted then.</summary>
    public void RestartLater(Func<bool>? isWanted = null) => machine.World.Schedule(s_pause, () =>
    {
        if (!machine.IsUp && machine.HasPower && isWanted?.Invoke() != false) machine.Restart();
    });
}
