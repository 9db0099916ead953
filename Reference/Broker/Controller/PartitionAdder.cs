using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Reference.Broker.Znodes;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>Adds partitions to topics (KIP-195): checks the wish, spreads the new replicas where they are not given, writes the topic's znode.</summary>
internal sealed class PartitionAdder(ControllerContext context, ControllerStore store, ILogger log)
{
    /// <summary>Adds partitions, or only checks whether they could be.</summary>
    /// <exception cref="ControllerMovedException">The reign is over.</exception>
    public async LoopTask<RequestOutcome> Add(CreatePartitionsRequest.CreatePartitionsTopic wish, bool validateOnly)
    {
        if (!context.Assignment.TryGetValue(wish.Name, out var existing)) return Unknown(wish.Name);
        if (Refusal(wish, existing) is { } refusal) return refusal;
        var added = wish.Count - existing.Count;
        var factor = existing.First().Value.Replicas.Count;
        if (wish.Assignments is not null && Problem(wish.Assignments, added, factor) is { } problem) return new RequestOutcome(ErrorCode.InvalidReplicaAssignment, problem);
        if (wish.Assignments is null && factor > context.Brokers.Count)
            return new RequestOutcome(ErrorCode.InvalidReplicationFactor, $"Replication factor: {factor} larger than available brokers: {context.Brokers.Count}.");
        if (TopicZnode.SizeProblem(wish.Count) is { } tooMany) return new RequestOutcome(ErrorCode.InvalidPartitions, tooMany);
        if (wish.Assignments is null && ReplicaAssignments.RackProblem(Brokers) is { } withoutRack) return new RequestOutcome(ErrorCode.UnknownServerError, withoutRack);
        var plan = wish.Assignments is null ? Spread(existing, added, factor) : Take(wish.Assignments, existing.Count);
        if (Whole(existing, plan).SizeProblem() is { } tooLarge) return new RequestOutcome(ErrorCode.InvalidPartitions, tooLarge);
        if (validateOnly) return RequestOutcome.Accepted;
        log.LogInformation("Topic {Topic} gets {Count} partitions more", wish.Name, plan.Count);
        return await store.UpdateTopic(
            wish.Name,
            topic => plan.Aggregate(topic, static (so, next) => so.Partitions.ContainsKey(next.Key) ? so : so.With(next.Key, next.Value, [], [])),
            ErrorCode.InvalidPartitions);
    }

    private RequestOutcome? Refusal(CreatePartitionsRequest.CreatePartitionsTopic wish, SortedDictionary<int, PartitionAssignment> existing)
    {
        if (context.Deletions.IsQueued(wish.Name) || context.Deletions.IsPostponed(wish.Name))
            return new RequestOutcome(ErrorCode.InvalidTopicException, $"The topic '{wish.Name}' is being deleted.");
        if (context.Unreadable.TryGetValue(wish.Name, out var reason))
            return new RequestOutcome(ErrorCode.InvalidPartitions, $"The topic '{wish.Name}' gets no partitions until its znode has been repaired: {reason}");
        if (existing.Count == 0) return Unknown(wish.Name);
        if (context.IsBeingReassigned(wish.Name))
            return new RequestOutcome(ErrorCode.ReassignmentInProgress, $"A partition of the topic '{wish.Name}' is being reassigned.");
        if (wish.Count < existing.Count)
            return new RequestOutcome(ErrorCode.InvalidPartitions, $"Topic currently has {existing.Count} partitions, which is higher than the requested {wish.Count}.");
        return wish.Count == existing.Count ? new RequestOutcome(ErrorCode.InvalidPartitions, $"Topic already has {existing.Count} partitions.") : null;
    }

    private string? Problem(List<CreatePartitionsRequest.CreatePartitionsAssignment> assignments, int added, int factor)
    {
        if (assignments.Count != added) return $"Increasing the number of partitions by {added} but {assignments.Count} assignments provided.";
        foreach (var assignment in assignments)
        {
            if (PartitionAssignment.Problem(assignment.BrokerIds) is { } problem) return problem;
            var unknown = assignment.BrokerIds.Where(r => !context.Brokers.ContainsKey(r)).ToList();
            if (unknown.Count > 0) return $"Unknown broker(s) in replica assignment: {string.Join(", ", unknown)}.";
            if (assignment.BrokerIds.Count != factor)
                return $"Inconsistent replication factor: the topic's partitions have {factor} replicas, [{string.Join(", ", assignment.BrokerIds)}] are {assignment.BrokerIds.Count}.";
        }

        return null;
    }

    private List<BrokerRack> Brokers => [.. context.Brokers.Values.Select(b => new BrokerRack(b.Id, b.Info.Rack))];

    /// <summary>The assignment of all partitions; none of a topic that gets more is being reassigned.</summary>
    private static TopicZnode Whole(SortedDictionary<int, PartitionAssignment> existing, SortedDictionary<int, IReadOnlyList<int>> plan)
    {
        var all = new SortedDictionary<int, IReadOnlyList<int>>(plan);
        foreach (var (partition, assignment) in existing) all[partition] = assignment.Replicas;
        return new TopicZnode(all);
    }

    /// <summary>The new partitions go on where the spread of the first ones has left off, counted from the first partition's leader.</summary>
    private SortedDictionary<int, IReadOnlyList<int>> Spread(SortedDictionary<int, PartitionAssignment> existing, int added, int factor)
    {
        var brokers = Brokers;
        var first = existing.First().Value.Replicas[0];
        var start = Math.Max(0, brokers.FindIndex(b => b.Id >= first));
        return ReplicaAssignments.Spread(brokers, added, factor, start, start, existing.Count);
    }

    private static SortedDictionary<int, IReadOnlyList<int>> Take(List<CreatePartitionsRequest.CreatePartitionsAssignment> assignments, int firstPartition)
    {
        var result = new SortedDictionary<int, IReadOnlyList<int>>();
        foreach (var (index, assignment) in assignments.Index()) result.Add(firstPartition + index, assignment.BrokerIds);
        return result;
    }

    private static RequestOutcome Unknown(string topic) => new(ErrorCode.UnknownTopicOrPartition, $"The topic '{topic}' does not exist.");
}
