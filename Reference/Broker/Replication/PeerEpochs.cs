using System;
using System.Collections.Generic;

namespace Reference.Broker.Replication;

/// <summary>
/// The epochs of other brokers' registrations, as the controller and the store have told them: what a peer says in the name of an earlier one
/// is of a run that has ended, and may speak of records that the present one has lost (KIP-903). What a fetch says is only compared with them:
/// anybody can send one.
/// </summary>
/// <param name="isStale">Epoch named and latest known: whether the former is of an earlier run.</param>
public sealed class PeerEpochs(Func<long, long, bool> isStale)
{
    private readonly SortedDictionary<int, long> _latest = [];
    private readonly SortedDictionary<int, long> _claimed = [];

    /// <summary>Whether what is said in the name of a broker's epoch, -1 for none, is of a run that has ended.</summary>
    /// <param name="broker">Broker id.</param>
    /// <param name="epoch">The epoch named.</param>
    /// <param name="claimed">A later one that is not confirmed yet, -1 for none.</param>
    public bool IsStale(int broker, long epoch, long claimed) => isStale(epoch, Math.Max(claimed, _latest.GetValueOrDefault(broker, -1)));

    /// <summary>True if nobody has named so late an epoch before, not even a fetch: the store is to be asked, once for all partitions.</summary>
    public bool IsNews(int broker, long epoch)
    {
        if (epoch <= Math.Max(_claimed.GetValueOrDefault(broker, -1), _latest.GetValueOrDefault(broker, -1))) return false;
        _claimed[broker] = epoch;
        return true;
    }

    /// <summary>The controller or the store names a broker's epoch.</summary>
    public void Learn(int broker, long epoch)
    {
        if (epoch > _latest.GetValueOrDefault(broker, -1)) _latest[broker] = epoch;
    }
}
