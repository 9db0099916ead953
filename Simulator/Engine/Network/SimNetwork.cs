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
    private readonly Dictionary<(SimMachine Dialler, SimMachine Acceptor), FlowState> _flows = [];
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

    /// <summary>
    /// Lets no more bytes a second through in one direction until the effect ends; what comes faster waits in a queue that all
    /// connections of the direction share. Of several the narrowest holds.
    /// </summary>
    public FaultEffect Narrow(SimMachine from, SimMachine to, long bytesPerSecond) => Link(from, to).Narrow(bytesPerSecond);

    /// <summary>Gives names to what is written, for <see cref="Filter"/>. Asked only about directions that have a filter.</summary>
    public TrafficClassifier? Classifier { get; set; }

    /// <summary>Delays, drops or repeats one kind of write in one direction until the effect ends. Without a <see cref="Classifier"/> it finds nothing.</summary>
    public FaultEffect Filter(SimMachine from, SimMachine to, TrafficFilter filter) => Link(from, to).Filters.Begin(filter);

    /// <summary>
    /// Leaves room for so many connections that wait to be accepted on a machine until the effect ends; those that find none get no
    /// answer. Of several the least holds.
    /// </summary>
    public FaultEffect LimitBacklog(SimMachine machine, int connections) => machine.Backlog.Begin(connections);

    /// <summary>How long the way between two machines takes, each way, besides the world's latency. No fault: no heal ends it.</summary>
    public void SetDistance(SimMachine a, SimMachine b, TimeSpan oneWay)
    {
        Link(a, b).Distance = oneWay;
        Link(b, a).Distance = oneWay;
    }

    /// <summary>
    /// Stalls the connections that one machine has dialled to another, both directions of them and no others between the two: a
    /// flow on a bad path of a network that has many. Counted, so overlapping stalls end one by one.
    /// </summary>
    public void StallFlow(SimMachine dialler, SimMachine acceptor) => Flow(dialler, acceptor).Stall();

    /// <summary>Ends one stall.</summary>
    public void ResumeFlow(SimMachine dialler, SimMachine acceptor)
    {
        Flow(dialler, acceptor).Resume();
        ReleaseHeld();
    }

    /// <summary>Resets every connection between two machines; both ends see it.</summary>
    public void ResetConnections(SimMachine a, SimMachine b)
    {
        if (a.Process is not { } process) return;
        foreach (var connection in process.ConnectionsTo(b)) connection.Break();
    }

    /// <summary>Ends all faults of the network.</summary>
    public void HealAll()
    {
        foreach (var machine in _world.Machines) machine.Backlog.Clear();
        foreach (var link in _links.Values) link.Clear();
        foreach (var flow in _flows.Values) flow.Clear();
        ReleaseHeld();
    }

    internal FlowState Flow(SimMachine dialler, SimMachine acceptor)
    {
        if (!_flows.TryGetValue((dialler, acceptor), out var flow)) _flows[(dialler, acceptor)] = flow = new FlowState();
        return flow;
    }

    internal LinkState Link(SimMachine from, SimMachine to)
    {
        if (!_links.TryGetValue((from, to), out var link)) _links[(from, to)] = link = new LinkState(_world, from.Name, to.Name);
        return link;
    }

    /// <summary>What a filter does to a write, or null; notes that it does.</summary>
    internal TrafficFilter? Judge(SimMachine from, SimMachine to, ReadOnlySpan<byte> written)
    {
        if (Classifier?.Invoke(from, to, written) is not { } label || Link(from, to).Filters.For(label) is not { } filter) return null;
        var effect = filter.Action switch { FilterAction.Delay => EffectNames.RequestDelayed, FilterAction.Drop => EffectNames.RequestDropped, _ => EffectNames.RequestRepeated };
        _world.Faults.AddEffect(effect);
        _world.Mix(effect);
        if (_world.Trace.IsOn) _world.Trace.Write(from.Name, "network", $"{effect} {label} to {to.Name}, {written.Length} bytes");
        return filter;
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
