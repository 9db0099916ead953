using System;
using System.Collections.Generic;
using System.Linq;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>A broker that may get replicas, and the rack it stands in; null: it does not say.</summary>
public readonly record struct BrokerRack(int Id, string? Rack);

/// <summary>
/// Spreads the replicas of new partitions as Kafka does: leaders go round the brokers from a random start; followers stand at a shift
/// that grows by one each time the leaders have gone round. If all brokers name their racks, the brokers are taken rack by turns, and
/// a partition gets a second replica in a rack only when it has one in each (KIP-36). If only some do, no racks count: who must not do
/// without asks <see cref="RackProblem"/> first, as Kafka does except for topics that are created at their first use.
/// </summary>
public static class ReplicaAssignments
{
    /// <summary>Assigns partitions with a random start and shift.</summary>
    /// <exception cref="ArgumentException">More replicas than brokers, or a count below one.</exception>
    public static SortedDictionary<int, IReadOnlyList<int>> Spread(IReadOnlyList<BrokerRack> brokers, int partitions, int replicationFactor, RandomStream random)
    {
        if (brokers.Count == 0) throw new ArgumentException("There are no brokers.", nameof(brokers));
        return Spread(brokers, partitions, replicationFactor, random.Next(brokers.Count), random.Next(brokers.Count));
    }

    /// <summary>Assigns partitions with a given start and shift.</summary>
    /// <param name="brokers">The brokers, in any order.</param>
    /// <param name="partitions">Number of partitions.</param>
    /// <param name="replicationFactor">Replicas of each.</param>
    /// <param name="startIndex">Index of the broker that leads partition 0.</param>
    /// <param name="shift">Initial distance of the followers.</param>
    /// <param name="firstPartition">Number of the first partition, for those added to a topic.</param>
    /// <exception cref="ArgumentException">More replicas than brokers, or a count below one.</exception>
    public static SortedDictionary<int, IReadOnlyList<int>> Spread(
        IReadOnlyList<BrokerRack> brokers, int partitions, int replicationFactor, int startIndex, int shift, int firstPartition = 0)
    {
        if (partitions < 1) throw new ArgumentException("The number of partitions must be at least 1.", nameof(partitions));
        if (replicationFactor < 1) throw new ArgumentException("The replication factor must be at least 1.", nameof(replicationFactor));
        if (replicationFactor > brokers.Count) throw new ArgumentException($"{replicationFactor} replicas do not fit on {brokers.Count} brokers.", nameof(replicationFactor));
        var racks = brokers.All(b => b.Rack is not null) ? brokers.Select(b => b.Rack).Distinct(StringComparer.Ordinal).Count() : 1;
        var ordered = racks == 1 ? [.. brokers.OrderBy(b => b.Id)] : RacksByTurns(brokers);
        var result = new SortedDictionary<int, IReadOnlyList<int>>();
        for (var partition = firstPartition; partition < firstPartition + partitions; partition++)
        {
            if (partition > 0 && partition % ordered.Count == 0) shift++;
            var first = (partition + startIndex) % ordered.Count;
            result.Add(partition, racks == 1 ? Replicas(ordered, first, shift, replicationFactor) : Replicas(ordered, first, shift, replicationFactor, racks));
        }

        return result;
    }

    /// <summary>Why replicas cannot be spread over racks as one sentence: some brokers say where they stand and others do not; else null.</summary>
    public static string? RackProblem(IReadOnlyList<BrokerRack> brokers)
    {
        List<int> silent = [.. brokers.Where(b => b.Rack is null).Select(b => b.Id).Order()];
        return silent.Count == 0 || silent.Count == brokers.Count
            ? null
            : $"The replicas cannot be spread over racks: the brokers [{string.Join(", ", silent)}] have no broker.rack, and the others have.";
    }

    /// <summary>The first broker of each rack, then the second of each, and so on; racks in ordinal order, brokers by id.</summary>
    public static IReadOnlyList<BrokerRack> RacksByTurns(IReadOnlyList<BrokerRack> brokers) =>
    [
        .. brokers.GroupBy(b => b.Rack, StringComparer.Ordinal)
            .OrderBy(rack => rack.Key, StringComparer.Ordinal)
            .SelectMany((rack, order) => rack.OrderBy(b => b.Id).Select((broker, turn) => (broker, turn, order)))
            .OrderBy(b => b.turn)
            .ThenBy(b => b.order)
            .Select(b => b.broker),
    ];

    private static List<int> Replicas(IReadOnlyList<BrokerRack> ordered, int first, int shift, int count)
    {
        var replicas = new List<int>(count) { ordered[first].Id };
        for (var j = 0; j < count - 1; j++) replicas.Add(ordered[FollowerIndex(first, shift, j, ordered.Count)].Id);
        return replicas;
    }

    /// <summary>As many racks as there are, or replicas are needed; only then a rack's second broker.</summary>
    private static List<int> Replicas(IReadOnlyList<BrokerRack> ordered, int first, int shift, int count, int racks)
    {
        var replicas = new List<int>(count) { ordered[first].Id };
        var used = new HashSet<string?>(StringComparer.Ordinal) { ordered[first].Rack };
        for (var j = 0; replicas.Count < count; j++)
        {
            var candidate = ordered[FollowerIndex(first, shift * racks, j, ordered.Count)];
            if (replicas.Contains(candidate.Id) || (used.Contains(candidate.Rack) && used.Count < racks)) continue;
            replicas.Add(candidate.Id);
            used.Add(candidate.Rack);
        }

        return replicas;
    }

    /// <summary>The place of follower <paramref name="j"/>: never the leader's, and different for each of a round.</summary>
    private static int FollowerIndex(int leader, int shift, int j, int brokers) => (leader + 1 + ((shift + j) % (brokers - 1))) % brokers;
}
