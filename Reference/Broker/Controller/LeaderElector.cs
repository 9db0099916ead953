using System.Collections.Generic;
using Reference.Broker.Znodes;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>How an election that somebody asked for ended.</summary>
/// <param name="Outcome">Whether a leader was elected, or why not.</param>
/// <param name="Leader">The leader elected, or −1.</param>
public readonly record struct ElectionResult(RequestOutcome Outcome, int Leader);

/// <summary>Elects leaders when somebody asks for it (KIP-183, KIP-460), and says of each partition what became of it.</summary>
internal sealed class LeaderElector(ControllerContext context, PartitionStateMachine partitions)
{
    /// <summary>Elects preferred or unclean leaders.</summary>
    /// <param name="asked">Partitions; null: all that need it.</param>
    /// <param name="strategy"><see cref="ElectionStrategy.Preferred"/> or <see cref="ElectionStrategy.Unclean"/>.</param>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public async LoopTask<SortedDictionary<TopicPartition, ElectionResult>> Elect(IReadOnlyCollection<TopicPartition>? asked, ElectionStrategy strategy)
    {
        var results = new SortedDictionary<TopicPartition, ElectionResult>();
        var electable = new SortedSet<TopicPartition>();
        foreach (var partition in asked ?? [.. context.Partitions])
        {
            if (Refusal(partition, strategy) is not { } refusal) electable.Add(partition);
            else if (asked is not null || refusal.Error != ErrorCode.ElectionNotNeeded) results[partition] = new ElectionResult(refusal, -1);
        }

        if (electable.Count == 0) return results;
        var elected = await partitions.Elect([.. electable], strategy);
        foreach (var partition in electable)
        {
            results[partition] = elected.Contains(partition)
                ? new ElectionResult(RequestOutcome.Accepted, context.Leadership[partition].Leader)
                : new ElectionResult(Failure(partition, strategy), -1);
        }

        return results;
    }

    private RequestOutcome? Refusal(TopicPartition partition, ElectionStrategy strategy)
    {
        var replicas = context.ReplicasOf(partition);
        if (replicas.Count == 0) return new RequestOutcome(ErrorCode.UnknownTopicOrPartition, "The partition does not exist.");
        if (context.Deletions.IsQueued(partition.Topic)) return new RequestOutcome(ErrorCode.InvalidTopicException, "The topic is being deleted.");
        var leader = context.Leadership.TryGetValue(partition, out var state) ? state.Leader : PartitionStateZnode.NoLeader;
        var isNeeded = strategy == ElectionStrategy.Preferred
            ? leader != replicas[0]
            : !context.IsReplicaOnline(new PartitionReplica(partition, leader), includeShuttingDown: true);
        return isNeeded ? null : new RequestOutcome(ErrorCode.ElectionNotNeeded, "Leader election not needed for topic partition.");
    }

    private RequestOutcome Failure(TopicPartition partition, ElectionStrategy strategy) => strategy == ElectionStrategy.Preferred
        ? new RequestOutcome(ErrorCode.PreferredLeaderNotAvailable, $"The preferred leader {context.ReplicasOf(partition)[0]} of {partition} is not alive or not in sync.")
        : new RequestOutcome(ErrorCode.EligibleLeadersNotAvailable, $"No replica of {partition} is alive.");
}
