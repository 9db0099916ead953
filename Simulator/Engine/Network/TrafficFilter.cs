using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Simulator.Engine.Network;

/// <summary>
/// What a scenario calls the bytes that an application has just written to a connection: a request of one kind, an answer, …. Null if
/// it has no name for them. It sees one write at a time, so it can tell messages apart where a message is a write.
/// </summary>
public delegate string? TrafficClassifier(SimMachine from, SimMachine to, ReadOnlySpan<byte> written);

/// <summary>What a filter does with a write.</summary>
public enum FilterAction
{
    /// <summary>It is long on its way, and so is what is written behind it on the same connection.</summary>
    Delay,

    /// <summary>It never arrives: the connection is reset at both ends instead.</summary>
    Drop,

    /// <summary>
    /// It arrives, but the sender sees a reset instead of an answer, and the receiver the end of the stream: who sends again after a
    /// reconnect has sent twice.
    /// </summary>
    Repeat,
}

/// <summary>A filter on one direction between two machines.</summary>
/// <param name="Label">The writes that it acts on, as the <see cref="SimNetwork.Classifier"/> calls them.</param>
/// <param name="Action">What it does.</param>
/// <param name="Rate">The share of those writes, from 0 to 1.</param>
/// <param name="Delay">For <see cref="FilterAction.Delay"/>: how long.</param>
/// <param name="Outcome">Seed of the draws.</param>
public sealed record TrafficFilter(string Label, FilterAction Action, double Rate, TimeSpan Delay, ulong Outcome);

/// <summary>The filters in force on one direction.</summary>
internal sealed class TrafficFilters
{
    private readonly List<(FaultEffect Effect, TrafficFilter Filter, RandomStream Random)> _inForce = [];

    public bool Any => _inForce.Count > 0;

    public FaultEffect Begin(TrafficFilter filter)
    {
        var effect = new FaultEffect(ended => _inForce.RemoveAll(f => f.Effect == ended));
        _inForce.Add((effect, filter, new RandomStream(filter.Outcome)));
        return effect;
    }

    public void Clear() => _inForce.Clear();

    /// <summary>The filter that acts on a write of that name, or null.</summary>
    public TrafficFilter? For(string label)
    {
        foreach (var (_, filter, random) in _inForce)
        {
            if (filter.Label == label && random.Chance(filter.Rate)) return filter;
        }

        return null;
    }
}
