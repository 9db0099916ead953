using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>
/// Spreads the replicas of new partitions over brokers without racks, as Kafka does: leaders go round the brokers from a
/// random start; followers stand at a shift that grows by one each time the leaders have gone round.
/// </summary>
public static class ReplicaAssignments
{
    /// <summary>Assigns partitions with a random start and shift.</summary>
    /// <exception cref="ArgumentException">More replicas than brokers, or a count below one.</exception>
    public static SortedDictionary<int, IReadOnlyList<int>> Spread(IReadOnlyList<int> brokers, int partitions, int replicationFactor, RandomStream random)
    {
        if (brokers.Count == 0) throw new ArgumentException("There are no brokers.", nameof(brokers));
        return Spread(brokers, partitions, replicationFactor, random.Next(brokers.Count), random.Next(brokers.Count));
    }

    /// <summary>Assigns partitions with a given start and shift.</summary>
    /// <param name="brokers">Broker ids; taken in ascending order.</param>
    /// <param name="partitions">Number of partitions.</param>
    /// <param name="replicationFactor">Replicas of each.</param>
    /// <param name="startIndex">Index of the broker that leads partition 0.</param>
    /// <param name="shift">Initial distance of the followers.</param>
    /// <param name="firstPartition">Number of the first partition, for those added to a topic.</param>
    /// <exception cref="ArgumentException">More replicas than brokers, or a count below one.</exception>
    public static SortedDictionary<int, IReadOnlyList<int>> Spread(
        IReadOnlyList<int> brokers, int partitions, int replicationFactor, int startIndex, int shift, int firstPartition = 0)
    {
        if (partitions < 1) throw new ArgumentException("The number of partitions must be at least 1.", nameof(partitions));
        if (replicationFactor < 1) throw new ArgumentException("The replication factor must be at least 1.", nameof(replicationFactor));
        if (replicationFactor > brokers.Count) throw new ArgumentException($"{replicationFactor} replicas do not fit on {brokers.Count} brokers.", nameof(replicationFactor));
        var ordered = new List<int>(brokers);
        ordered.Sort();
        var result = new SortedDictionary<int, IReadOnlyList<int>>();
        for (var partition = firstPartition; partition < firstPartition + partitions; partition++)
        {
            if (partition > 0 && partition % ordered.Count == 0) shift++;
            var first = (partition + startIndex) % ordered.Count;
            var replicas = new List<int>(replicationFactor) { ordered[first] };
            for (var j = 0; j < replicationFactor - 1; j++) replicas.Add(ordered[FollowerIndex(first, shift, j, ordered.Count)]);
            result.Add(partition, replicas);
        }

        return result;
    }

    /// <summary>The place of follower <paramref name="j"/>: never the leader's, and different for each.</summary>
    private static int FollowerIndex(int leader, int shift, int j, int brokers) => (leader + 1 + ((shift + j) % (brokers - 1))) % brokers;
}
