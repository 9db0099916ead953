using System;
using System.Collections.Generic;
using System.Linq;

namespace Simulator.Engine.Faults;

/// <summary>Something that must survive in a number of copies.</summary>
public sealed class ProtectedGroup
{
    private readonly Func<IReadOnlyList<SimMachine>> _holders;
    private readonly IReadOnlyList<Destruction> _inForce;
    private readonly HashSet<SimMachine> _destroyed = [];

    internal ProtectedGroup(string name, Func<IReadOnlyList<SimMachine>> holders, int copiesToKeep, IReadOnlyList<Destruction> inForce)
    {
        _holders = holders;
        _inForce = inForce;
        Name = name;
        CopiesToKeep = copiesToKeep;
    }

    /// <summary>What it is, for messages.</summary>
    public string Name { get; }

    /// <summary>How many good copies must remain.</summary>
    public int CopiesToKeep { get; }

    /// <summary>Where it lies on the holders' disks: the beginning of the paths; empty for anywhere.</summary>
    public string Path { get; set; } = string.Empty;

    /// <summary>
    /// Whether its copies are synced before they count: if so, a power loss or a failed sync, which takes only what was not synced, destroys
    /// none. Set it to false for a system that relies on its replicas instead.
    /// </summary>
    public bool IsSynced { get; set; } = true;

    /// <summary>The machines that hold a good copy now: none that was destroyed and not repaired since, and none on whose disk something goes on destroying.</summary>
    public IReadOnlyList<SimMachine> GoodCopies => _holders().Where(m => !_destroyed.Contains(m) && !_inForce.Any(d => d.Machine == m && IsInReachOf(d))).ToList();

    /// <summary>
    /// Says that a machine has rebuilt its copy. In vain while a fault that destroys it is in force: what is written then may be lost too, so
    /// say it again when it has ended.
    /// </summary>
    public void MarkRepaired(SimMachine machine) => _destroyed.Remove(machine);

    internal bool IsHitBy(Destruction destruction) => IsInReachOf(destruction) && GoodCopies.Contains(destruction.Machine);

    internal bool IsInReachOf(Destruction destruction) =>
        !(destruction.UnsyncedOnly && IsSynced)
        && (destruction.Path.Length == 0 || destruction.Path.StartsWith(Path, StringComparison.Ordinal) || Path.StartsWith(destruction.Path, StringComparison.Ordinal));

    internal void MarkDestroyed(SimMachine machine) => _destroyed.Add(machine);
}
