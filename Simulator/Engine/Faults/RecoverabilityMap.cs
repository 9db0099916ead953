using System;
using System.Collections.Generic;
using System.Linq;

namespace Simulator.Engine.Faults;

/// <summary>
/// What a scenario promises to keep, and who holds copies of it. A fault that destroys data asks first, and is vetoed if too few good
/// copies would remain: then every loss is a bug of the system, never of the nemesis. A destroyed copy stays bad until the scenario
/// says that the machine has rebuilt it. While a fault that destroys is in force on a machine it holds no good copy of what is in its reach,
/// be it a holder then or later, and what it has written meanwhile is bad until it is rebuilt after the end.
/// </summary>
/// <remarks>After the idea of TigerBeetle's ClusterFaultAtlas: faults are placed so that the system as a whole can recover.</remarks>
public sealed class RecoverabilityMap
{
    private readonly SimWorld _world;
    private readonly List<ProtectedGroup> _groups = [];
    private readonly List<Destruction> _inForce = [];

    internal RecoverabilityMap(SimWorld world) => _world = world;

    /// <summary>All that is protected.</summary>
    public IReadOnlyList<ProtectedGroup> Groups => _groups;

    /// <summary>Protects something of which a fixed group of machines holds copies.</summary>
    public ProtectedGroup Protect(string name, IReadOnlyList<SimMachine> holders, int copiesToKeep) => Protect(name, () => holders, copiesToKeep);

    /// <summary>Protects something of which a changing group of machines holds copies.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="holders">Who holds a copy now; asked at each fault that would destroy data.</param>
    /// <param name="copiesToKeep">How many good copies must remain at any time; at least 1. <see cref="int.MaxValue"/>: each of the holders must keep its own.</param>
    public ProtectedGroup Protect(string name, Func<IReadOnlyList<SimMachine>> holders, int copiesToKeep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(copiesToKeep, 1);
        var group = new ProtectedGroup(name, holders, copiesToKeep, _inForce);
        _groups.Add(group);
        return group;
    }

    /// <summary>Says that a machine has rebuilt its copies of everything; see <see cref="ProtectedGroup.MarkRepaired"/>.</summary>
    public void MarkRepaired(SimMachine machine)
    {
        foreach (var group in _groups) group.MarkRepaired(machine);
    }

    /// <summary>
    /// A fault is about to destroy data of a machine at this instant. True: it may, and the copies there count as destroyed from now on.
    /// False: it must not, and is counted as vetoed.
    /// </summary>
    /// <param name="kind">The fault's kind.</param>
    /// <param name="machine">Whose data.</param>
    /// <param name="unsyncedOnly">True if it takes only what was not synced and was not said to be.</param>
    /// <param name="path">The file, or the beginning of the paths; empty if any may be hit.</param>
    public bool TryDestroy(string kind, SimMachine machine, bool unsyncedOnly = false, string path = "") =>
        Permits(kind, new Destruction(machine, unsyncedOnly, path, static _ => { }));

    /// <summary>A fault is about to destroy data of a machine as long as it lasts. Null: it must not, and is counted as vetoed.</summary>
    internal Destruction? TryBegin(string kind, SimMachine machine, bool unsyncedOnly, string path)
    {
        var destruction = new Destruction(machine, unsyncedOnly, path, End);
        if (!Permits(kind, destruction)) return null;
        _inForce.Add(destruction);
        return destruction;
    }

    private bool Permits(string kind, Destruction destruction)
    {
        var machine = destruction.Machine;
        var hit = _groups.FindAll(g => g.IsHitBy(destruction));
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

    private void End(Destruction destruction)
    {
        _inForce.Remove(destruction);
        foreach (var group in _groups.Where(g => g.IsInReachOf(destruction))) group.MarkDestroyed(destruction.Machine);
    }
}
