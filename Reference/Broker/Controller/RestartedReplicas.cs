using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Znodes;

namespace Reference.Broker.Controller;

/// <summary>
/// Finds the replicas whose brokers have restarted while there was no controller to see it (KIP-380 sees those that restart under one's
/// eyes): what such a broker had not written to its disk may be gone.
/// </summary>
/// <remarks>
/// The ISR says of each member in which registration it was found in sync; one that is registered with a later epoch has restarted since,
/// whoever has written the state meanwhile (KIP-903). Where the epoch is not known, as of replicas outside the ISR, a broker registered in a
/// later transaction than the one that last set the state has not been in that state since: a controller that sees a broker go
/// changes the state of each partition that it can.
/// </remarks>
public static class RestartedReplicas
{
    /// <summary>
    /// The replicas of a partition to be treated as gone and come again. Where all replicas in sync have restarted none is, since one
    /// is as good as another.
    /// </summary>
    /// <param name="partition">Which partition.</param>
    /// <param name="replicas">Its replicas.</param>
    /// <param name="state">Its state.</param>
    /// <param name="mzxid">The transaction that last set the state.</param>
    /// <param name="brokers">The registered brokers.</param>
    public static IReadOnlyList<PartitionReplica> Of(
        TopicPartition partition, IReadOnlyList<int> replicas, PartitionStateZnode state, long mzxid, IReadOnlyDictionary<int, RegisteredBroker> brokers)
    {
        if (!state.Isr.Any(IsThereStill)) return [];
        return [.. replicas.Where(r => brokers.ContainsKey(r) && !IsThereStill(r)).Select(r => new PartitionReplica(partition, r))];

        bool IsThereStill(int replica) => brokers.TryGetValue(replica, out var broker) && !HasRestarted(broker, state, mzxid);
    }

    /// <summary>
    /// The members of the ISR that an election may count on. One that restarted before the leader last wrote the state, and was not found
    /// in sync again, is none: the leader has outlived it, and may have gone on without it.
    /// </summary>
    /// <param name="state">The partition's state.</param>
    /// <param name="mzxid">The transaction that last set it.</param>
    /// <param name="brokers">The registered brokers.</param>
    public static IReadOnlyList<int> StillInSync(PartitionStateZnode state, long mzxid, IReadOnlyDictionary<int, RegisteredBroker> brokers)
    {
        if (state.Leader == PartitionStateZnode.NoLeader) return state.Isr;
        return [.. state.Isr.Where(r => r == state.Leader || !brokers.TryGetValue(r, out var broker) || !HasRestarted(broker, state, mzxid) || broker.Epoch > mzxid)];
    }

    /// <summary>
    /// The state as the controller writes it without an election, with the present registrations of the members that could be elected in it as it
    /// stands: else the controller's own write would pass for one of a leader that has outlived their restarts.
    /// </summary>
    /// <param name="state">The partition's state.</param>
    /// <param name="mzxid">The transaction that last set it.</param>
    /// <param name="isOnline">Whether a replica can serve: of others, gone or about to be taken out, the ISR goes on saying what it says.</param>
    /// <param name="brokers">The registered brokers.</param>
    public static PartitionStateZnode Stamped(PartitionStateZnode state, long mzxid, Func<int, bool> isOnline, IReadOnlyDictionary<int, RegisteredBroker> brokers)
    {
        var inSync = StillInSync(state, mzxid, brokers);
        return state with { IsrEpochs = PartitionStateZnode.KnownEpochs(state.Isr, EpochOf) };

        long EpochOf(int member) => inSync.Contains(member) && isOnline(member) && brokers.TryGetValue(member, out var broker)
            ? Math.Max(state.EpochOf(member), broker.Epoch)
            : state.EpochOf(member);
    }

    private static bool HasRestarted(RegisteredBroker broker, PartitionStateZnode state, long mzxid) =>
        broker.Epoch > (state.EpochOf(broker.Id) is >= 0 and var stamp ? stamp : mzxid);
}
