using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Clients.Administration;

/// <content>Partitions, their replicas and leaders.</content>
public sealed partial class Admin
{
    /// <summary>Adds partitions to topics; ends when they have leaders.</summary>
    /// <param name="topics">The topics and how many partitions each shall have.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="validateOnly">True to check without adding.</param>
    /// <exception cref="KafkaException">The first topic that was refused, or no answer within the timeout.</exception>
    public LoopTask CreatePartitions(IReadOnlyList<NewPartitions> topics, TimeSpan timeout, bool validateOnly = false) => OnController(timeout, async controller =>
    {
        var answer = await _network.Send(controller, new CreatePartitionsRequest
        {
            TimeoutMs = (int)timeout.TotalMilliseconds,
            ValidateOnly = validateOnly,
            Topics = [.. topics.Select(t => new CreatePartitionsRequest.CreatePartitionsTopic
            {
                Name = t.Topic,
                Count = t.Count,
                Assignments = t.Assignments is null ? null : [.. t.Assignments.Select(a => new CreatePartitionsRequest.CreatePartitionsAssignment { BrokerIds = [.. a] })],
            })],
        });
        foreach (var result in answer.Results) ThrowIfRefused(result.ErrorCode, $"The topic \"{result.Name}\" gets no more partitions", result.ErrorMessage);
    });

    /// <summary>
    /// Begins to move partitions to other replicas, or gives such moves up (KIP-455). Ends when the controller has accepted, which is long
    /// before the replicas are in sync: see <see cref="ListPartitionReassignments"/>.
    /// </summary>
    /// <returns>The partitions that were refused, with the reason.</returns>
    /// <exception cref="KafkaException">No answer within the timeout.</exception>
    public async LoopTask<IReadOnlyDictionary<TopicPartition, KafkaException>> AlterPartitionReassignments(IReadOnlyList<NewReplicas> wishes, TimeSpan timeout)
    {
        var refused = new SortedDictionary<TopicPartition, KafkaException>();
        await OnController(timeout, async controller =>
        {
            refused.Clear();
            var answer = await _network.Send(controller, new AlterPartitionReassignmentsRequest
            {
                TimeoutMs = (int)timeout.TotalMilliseconds,
                Topics = [.. wishes.GroupBy(w => w.Partition.Topic, StringComparer.Ordinal).Select(topic => new AlterPartitionReassignmentsRequest.ReassignableTopic
                {
                    Name = topic.Key,
                    Partitions = [.. topic.Select(w => new AlterPartitionReassignmentsRequest.ReassignablePartition
                    {
                        PartitionIndex = w.Partition.Partition,
                        Replicas = w.Replicas is null ? null : [.. w.Replicas],
                    })],
                })],
            });
            ThrowIfRefused(answer.ErrorCode, "The reassignments were refused", answer.ErrorMessage);
            foreach (var topic in answer.Responses)
            {
                foreach (var partition in topic.Partitions) Note(refused, "reassigned", topic.Name, partition.PartitionIndex, partition.ErrorCode, partition.ErrorMessage);
            }
        });
        return refused;
    }

    /// <summary>The reassignments under way.</summary>
    /// <param name="partitions">Partitions asked about; null: all.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <exception cref="KafkaException">No answer within the timeout.</exception>
    public async LoopTask<IReadOnlyList<PartitionReassignment>> ListPartitionReassignments(IReadOnlyList<TopicPartition>? partitions, TimeSpan timeout)
    {
        var found = new List<PartitionReassignment>();
        await OnController(timeout, async controller =>
        {
            found.Clear();
            var answer = await _network.Send(controller, new ListPartitionReassignmentsRequest
            {
                TimeoutMs = (int)timeout.TotalMilliseconds,
                Topics = partitions is null ? null : [.. partitions.GroupBy(p => p.Topic, StringComparer.Ordinal).Select(topic => new ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics
                {
                    Name = topic.Key,
                    PartitionIndexes = [.. topic.Select(p => p.Partition)],
                })],
            });
            ThrowIfRefused(answer.ErrorCode, "The reassignments are not known", answer.ErrorMessage);
            foreach (var topic in answer.Topics)
            {
                found.AddRange(topic.Partitions.Select(p => new PartitionReassignment(new TopicPartition(topic.Name, p.PartitionIndex), p.Replicas, p.AddingReplicas, p.RemovingReplicas)));
            }
        });
        return found;
    }

    /// <summary>Elects leaders; ends when the controller knows that they lead.</summary>
    /// <param name="type">Preferred or unclean.</param>
    /// <param name="partitions">Partitions; null: all that need it.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <returns>The partitions that got no new leader, with the reason; ELECTION_NOT_NEEDED among them.</returns>
    /// <exception cref="KafkaException">No answer within the timeout.</exception>
    public async LoopTask<IReadOnlyDictionary<TopicPartition, KafkaException>> ElectLeaders(ElectionType type, IReadOnlyList<TopicPartition>? partitions, TimeSpan timeout)
    {
        var refused = new SortedDictionary<TopicPartition, KafkaException>();
        await OnController(timeout, async controller =>
        {
            refused.Clear();
            var answer = await _network.Send(controller, new ElectLeadersRequest
            {
                ElectionType = (sbyte)type,
                TimeoutMs = (int)timeout.TotalMilliseconds,
                TopicPartitions = partitions is null ? null : [.. partitions.GroupBy(p => p.Topic, StringComparer.Ordinal).Select(topic => new ElectLeadersRequest.ElectTopicPartitions
                {
                    Topic = topic.Key,
                    PartitionId = [.. topic.Select(p => p.Partition)],
                })],
            });
            ThrowIfRefused(answer.ErrorCode, "No leaders were elected", null);
            foreach (var topic in answer.ReplicaElectionResults)
            {
                foreach (var partition in topic.PartitionResults) Note(refused, "led anew", topic.Topic, partition.PartitionId, partition.ErrorCode, partition.ErrorMessage);
            }
        });
        return refused;
    }

    /// <summary>Notes a refusal. A controller that ceased to be one in the midst of its answer is no refusal: another one is asked for all.</summary>
    private static void Note(SortedDictionary<TopicPartition, KafkaException> refused, string what, string topic, int partition, ErrorCode code, string? reason)
    {
        if (code == ErrorCode.None) return;
        var message = $"The partition {topic}-{partition} was not {what}: {code}{(reason is { Length: > 0 } ? $" ({reason})" : string.Empty)}.";
        if (code == ErrorCode.NotController) throw new KafkaException(code, message);
        refused[new TopicPartition(topic, partition)] = new KafkaException(code, message, isUnknownOutcome: code == ErrorCode.RequestTimedOut);
    }
}
