using System;
using Microsoft.Extensions.Logging;

namespace Simulator.Platform;

/// <summary>
/// All that a process sees of the world: its loop, clock, network, disk, randomness and log. Code that is handed a node cannot
/// tell whether the world behind it is real.
/// </summary>
public sealed class Node
{
    private readonly IBuggify _buggify;

    /// <summary>Bundles the parts of one process.</summary>
    public Node(string name, Loop loop, IClock clock, INetwork network, IDisk disk, IRandom random, ILoggerFactory logs, IBuggify buggify)
    {
        Name = name;
        Loop = loop;
        Clock = clock;
        Network = network;
        Disk = disk;
        Random = random;
        Logs = logs;
        _buggify = buggify;
    }

    /// <summary>The name of the process, unique in its world; also the host name under which others reach it in the simulator.</summary>
    public string Name { get; }

    /// <summary>The one loop on which its code runs.</summary>
    public Loop Loop { get; }

    /// <summary>Its wall and monotonic clock.</summary>
    public IClock Clock { get; }

    /// <summary>Its network.</summary>
    public INetwork Network { get; }

    /// <summary>Its disk.</summary>
    public IDisk Disk { get; }

    /// <summary>Its named random streams.</summary>
    public IRandom Random { get; }

    /// <summary>Makes loggers per category.</summary>
    public ILoggerFactory Logs { get; }

    /// <summary>Starts a task that nobody awaits; a failure goes to the loop's handler.</summary>
    public void Spawn(LoopTask task) => Loop.Spawn(task);

    /// <summary>
    /// Tells of a bug that the program has caught so as to outlive it. In the real world it goes on, and only its log speaks of it; a
    /// simulated run fails all the same.
    /// </summary>
    public void Outlive(Exception bug) => Loop.OutlivedException?.Invoke(bug);

    /// <summary>May the environment do the rare thing named <paramref name="point"/> now?</summary>
    public bool Buggify(string point) => _buggify.Fires(point);
}
