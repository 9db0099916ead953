using System;
using System.Collections.Generic;
using System.Linq;

namespace Simulator.Engine.Faults;

/// <summary>
/// What a scenario promises to keep, and who holds copies of it. A fault that destroys data asks first, and is vetoed if too few good
/// copies would remain: then every loss is a bug of the system, never of the nemesis. A destroyed copy stays bad until the scenario
/// says that the machine has rebuilt it.
/// </summary>
/// <remarks>After the idea of TigerBeetle's ClusterFaultAtlas: faults are placed so that the system as a whole can recover.</remarks>
public sealed class RecoverabilityMap
{
    private readonly SimWorld _world;
    private readonly List<ProtectedGroup> _groups = [];

    internal RecoverabilityMap(SimWorld world) => _world = world;

    /// <summary>All that is protected.</summary>
    public IReadOnlyList<ProtectedGroup> Groups => _groups;

    /// <summary>Protects something of which a fixed group of machines holds copies.</summary>
    public ProtectedGroup Protect(string name, IReadOnlyList<SimMachine> holders, int copiesToKeep) => Protect(name, () => holders, copiesToKeep);

    /// <summary>Protects something of which a changing group of machines holds copies.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="holders">Who holds a copy now; asked at each fault that would destroy data.</param>
    /// <param name="copiesToKeep">How many good copies must remain at any time; at least 1.</param>
    public ProtectedGroup Protect(string name, Func<IReadOnlyList<SimMachine>> holders, int copiesToKeep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(copiesToKeep, 1);
        var group = new ProtectedGroup(name, holders, copiesToKeep);
        _groups.Add(group);
        return group;
    }

    /// <summary>Says that a machine has rebuilt its copies of everything.</summary>
    public void MarkRepaired(SimMachine machine)
    {
        foreach (var group in _groups) group.MarkRepaired(machine);
    }

    /// <summary>
    /// A fault is about to destroy data of a machine. True: it may, and the copies there count as destroyed from now on. False: it must
    /// not, and is counted as vetoed.
    /// </summary>
    /// <param name="kind">The fault's kind.</param>
    /// <param name="machine">Whose data.</param>
    /// <param name="unsyncedOnly">True if it takes only what was not synced.</param>
    /// <param name="path">The file; empty if any may be hit.</param>
    public bool TryDestroy(string kind, SimMachine machine, bool unsyncedOnly = false, string path = "")
    {
        var hit = _groups.FindAll(g => g.IsHitBy(machine, unsyncedOnly, path));
        var vetoing = hit.Find(g => g.GoodCopies.Count(m => m != machine) < g.CopiesToKeep);
        if (vetoing is null)
        {
            hit.ForEach(g => g.MarkDestroyed(machine));
            return true;
        }

        _world.Faults.AddVeto(kind);
        if (_world.Trace.IsOn) _world.Trace.Write("nemesis", "veto", $"{kind}: {machine.Name} must keep its copy of {vetoing.Name}, of which {vetoing.GoodCopies.Count} good ones exist");
        return false;
    }
}

/// <summary>Something that must survive in a number of copies.</summary>
public sealed class ProtectedGroup
{
    private readonly Func<IReadOnlyList<SimMachine>> _holders;
    private readonly List<SimMachine> _destroyed = [];

    internal ProtectedGroup(string name, Func<IReadOnlyList<SimMachine>> holders, int copiesToKeep)
    {
        _holders = holders;
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
    /// Whether its copies are synced before they count: if so, a power loss that takes only what was not synced destroys none. Set it to
    /// false for a system that relies on its replicas instead.
    /// </summary>
    public bool IsSynced { get; set; } = true;

    /// <summary>The machines that hold a good copy now.</summary>
    public IReadOnlyList<SimMachine> GoodCopies => _holders().Where(m => !_destroyed.Contains(m)).ToList();

    /// <summary>Says that a machine has rebuilt its copy.</summary>
    public void MarkRepaired(SimMachine machine) => _destroyed.Remove(machine);

    internal bool IsHitBy(SimMachine machine, bool unsyncedOnly, string path) =>
        !(unsyncedOnly && IsSynced)
        && (path.Length == 0 || path.StartsWith(Path, StringComparison.Ordinal) || Path.StartsWith(path, StringComparison.Ordinal))
        && GoodCopies.Contains(machine);

    internal void MarkDestroyed(SimMachine machine) => _destroyed.Add(machine);
}
