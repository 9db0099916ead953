using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Znodes;

namespace Reference.Broker.Controller;

/// <summary>
/// Finds the replicas whose brokers have restarted while there was no controller to see it (KIP-380 sees those that restart under one's
/// eyes). A broker registered in a later transaction than the one that last set a partition's state has not been in that state since:
/// a controller that sees a broker go changes the state of each partition that it can. What it had not written to its disk may be gone.
/// </summary>
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
        if (!state.Isr.Any(r => brokers.TryGetValue(r, out var broker) && broker.Epoch <= mzxid)) return [];
        return [.. replicas.Where(r => brokers.TryGetValue(r, out var broker) && broker.Epoch > mzxid).Select(r => new PartitionReplica(partition, r))];
    }
}
