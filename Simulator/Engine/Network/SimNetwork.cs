using System;
using System.Collections.Generic;

namespace Simulator.Engine.Network;

/// <summary>
/// The network between the machines: TCP-faithful streams over links that can be blocked in one direction or both, slowed or
/// reset. A blocked link loses nothing: what was sent arrives after the heal, unless one end gave up before.
/// </summary>
public sealed class SimNetwork
{
    private readonly SimWorld _world;
    private readonly Dictionary<(SimMachine From, SimMachine To), LinkState> _links = [];
    private readonly List<SimConnection> _held = [];

    internal SimNetwork(SimWorld world) => _world = world;

    /// <summary>Stops everything from one machine to another; counted, so overlapping blocks end one by one.</summary>
    public void Block(SimMachine from, SimMachine to) => Link(from, to).Block();

    /// <summary>Ends one block.</summary>
    public void Unblock(SimMachine from, SimMachine to)
    {
        Link(from, to).Unblock();
        ReleaseHeld();
    }

    /// <summary>True while nothing gets from one machine to the other.</summary>
    public bool IsBlocked(SimMachine from, SimMachine to) => from != to && Link(from, to).IsBlocked;

    /// <summary>Adds latency to one direction until the effect ends; of several the longest holds.</summary>
    public FaultEffect Clog(SimMachine from, SimMachine to, TimeSpan extraLatency) => Link(from, to).Clog(extraLatency);

    /// <summary>Resets every connection between two machines; both ends see it.</summary>
    public void ResetConnections(SimMachine a, SimMachine b)
    {
        if (a.Process is not { } process) return;
        foreach (var connection in process.ConnectionsTo(b)) connection.Break();
    }

    /// <summary>Ends all blocks and slow-downs.</summary>
    public void HealAll()
    {
        foreach (var link in _links.Values) link.Clear();
        ReleaseHeld();
    }

    internal LinkState Link(SimMachine from, SimMachine to)
    {
        if (!_links.TryGetValue((from, to), out var link)) _links[(from, to)] = link = new LinkState(_world, from.Name, to.Name);
        return link;
    }

    /// <summary>Remembers an end whose segments wait for a heal.</summary>
    internal void Hold(SimConnection sender) => _held.Add(sender);

    internal void ReleaseHeld()
    {
        if (_held.Count == 0) return;
        var held = _held.ToArray();
        _held.Clear();
        foreach (var sender in held) sender.RetryHeld();
    }
}
