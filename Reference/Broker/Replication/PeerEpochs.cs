using System;
using System.Collections.Generic;

namespace Reference.Broker.Replication;

/// <summary>
/// The epochs of other brokers' registrations, as their fetches, the controller and the store have told them: what a peer says in the name of an
/// earlier one is of a run that has ended, and may speak of records that the present one has lost (KIP-903).
/// </summary>
/// <param name="isStale">Epoch named and latest known: whether the former is of an earlier run.</param>
public sealed class PeerEpochs(Func<long, long, bool> isStale)
{
    private readonly SortedDictionary<int, long> _latest = [];

    /// <summary>Notes the epoch that somebody names for a broker, -1 for none; false if a later one is known.</summary>
    public bool Accepts(int broker, long epoch)
    {
        var known = _latest.GetValueOrDefault(broker, -1);
        if (isStale(epoch, known)) return false;
        if (epoch > known) _latest[broker] = epoch;
        return true;
    }
}
