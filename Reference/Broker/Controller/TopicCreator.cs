using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Broker.Storage;
using Reference.Broker.Znodes;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Broker.Controller;

/// <summary>Whether a topic was created, or why not.</summary>
/// <param name="Error">Kafka's code.</param>
/// <param name="Message">One sentence; null on success.</param>
/// <param name="Partitions">Number of partitions it has, or would have.</param>
/// <param name="ReplicationFactor">Replicas of each partition.</param>
public readonly record struct TopicCreation(ErrorCode Error, string? Message, int Partitions = -1, short ReplicationFactor = -1);

/// <summary>
/// Validates wishes for topics and writes their znodes; the controller's watch does the rest. Any broker may do it, as Kafka's
/// own tools once did, but CreateTopics goes to the controller.
/// </summary>
public sealed class TopicCreator
{
    private readonly KafkaZnodes _znodes;
    private readonly int _defaultPartitions;
    private readonly short _defaultReplicationFactor;
    private readonly Func<IReadOnlyDictionary<string, string>, string?> _configProblem;
    private readonly RandomStream _random;

    /// <summary>A creator with the broker's defaults.</summary>
    /// <param name="node">The process.</param>
    /// <param name="znodes">The store.</param>
    /// <param name="defaultPartitions">num.partitions.</param>
    /// <param name="defaultReplicationFactor">default.replication.factor.</param>
    /// <param name="configProblem">What is wrong with a topic's options as one sentence, or null.</param>
    public TopicCreator(Node node, KafkaZnodes znodes, int defaultPartitions, short defaultReplicationFactor, Func<IReadOnlyDictionary<string, string>, string?> configProblem)
    {
        _znodes = znodes;
        _defaultPartitions = defaultPartitions;
        _defaultReplicationFactor = defaultReplicationFactor;
        _configProblem = configProblem;
        _random = node.Random.Stream("controller.assignment");
    }

    /// <summary>Creates a topic on its first use, with the defaults.</summary>
    public LoopTask<TopicCreation> CreateAutomatically(string topic) =>
        Create(new CreateTopicsRequest.CreatableTopic { Name = topic, NumPartitions = -1, ReplicationFactor = -1 }, validateOnly: false, mustHeedRacks: false);

    /// <summary>Creates a topic as asked, or only checks whether it could be.</summary>
    public LoopTask<TopicCreation> Create(CreateTopicsRequest.CreatableTopic wish, bool validateOnly) => Create(wish, validateOnly, mustHeedRacks: true);

    private async LoopTask<TopicCreation> Create(CreateTopicsRequest.CreatableTopic wish, bool validateOnly, bool mustHeedRacks)
    {
        if (TopicNames.Problem(wish.Name) is { } problem) return new TopicCreation(ErrorCode.InvalidTopicException, problem);
        foreach (var existing in await _znodes.Topics())
        {
            if (existing == wish.Name) return Exists(wish.Name);
            if (TopicNames.Collide(existing, wish.Name))
            {
                return new TopicCreation(ErrorCode.InvalidTopicException, $"Topic '{wish.Name}' collides with the existing topic '{existing}' in names of metrics.");
            }
        }

        var config = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in wish.Configs)
        {
            if (option.Value is null) return new TopicCreation(ErrorCode.InvalidConfig, $"The topic option '{option.Name}' has no value.");
            config[option.Name] = option.Value;
        }

        if (_configProblem(config) is { } wrong) return new TopicCreation(ErrorCode.InvalidConfig, wrong);
        List<BrokerRack> brokers = [.. (await _znodes.Brokers()).Select(b => new BrokerRack(b.Id, b.Info.Rack))];
        var planned = wish.Assignments.Count > 0 ? TakeAssignment(wish, brokers) : Spread(wish, brokers, mustHeedRacks);
        if (planned.Assignment is not { } assignment) return planned.Refusal;
        var znode = new TopicZnode(assignment);
        if (znode.SizeProblem() is { } tooLarge) return new TopicCreation(ErrorCode.InvalidPartitions, tooLarge);
        if (TopicConfigZnode.SizeProblem(config, besides: znode.Encode().Length) is { } tooLong) return new TopicCreation(ErrorCode.InvalidConfig, tooLong);
        var done = new TopicCreation(ErrorCode.None, null, assignment.Count, (short)assignment.First().Value.Count);
        if (validateOnly) return done;
        return await _znodes.CreateTopic(wish.Name, znode, config) ? done : Exists(wish.Name);
    }

    private static TopicCreation Exists(string topic) => new(ErrorCode.TopicAlreadyExists, $"Topic '{topic}' already exists.");

    private Plan Spread(CreateTopicsRequest.CreatableTopic wish, List<BrokerRack> brokers, bool mustHeedRacks)
    {
        var partitions = wish.NumPartitions == -1 ? _defaultPartitions : wish.NumPartitions;
        var replicas = wish.ReplicationFactor == -1 ? _defaultReplicationFactor : wish.ReplicationFactor;
        if (partitions < 1) return Plan.Refuse(ErrorCode.InvalidPartitions, "Number of partitions must be larger than 0.");
        if (TopicZnode.SizeProblem(partitions) is { } tooMany) return Plan.Refuse(ErrorCode.InvalidPartitions, tooMany);
        if (replicas < 1) return Plan.Refuse(ErrorCode.InvalidReplicationFactor, "Replication factor must be larger than 0.");
        if (replicas > brokers.Count)
        {
            return Plan.Refuse(ErrorCode.InvalidReplicationFactor, $"Replication factor: {replicas} larger than available brokers: {brokers.Count}.");
        }

        if (mustHeedRacks && ReplicaAssignments.RackProblem(brokers) is { } withoutRack) return Plan.Refuse(ErrorCode.UnknownServerError, withoutRack);
        return new Plan(ReplicaAssignments.Spread(brokers, partitions, replicas, _random), default);
    }

    private static Plan TakeAssignment(CreateTopicsRequest.CreatableTopic wish, List<BrokerRack> brokers)
    {
        if (wish.NumPartitions != -1 || wish.ReplicationFactor != -1)
        {
            return Plan.Refuse(ErrorCode.InvalidRequest, "Both numPartitions or replicationFactor and replicasAssignments were set. Both cannot be used at the same time.");
        }

        var assignment = new SortedDictionary<int, IReadOnlyList<int>>();
        foreach (var partition in wish.Assignments)
        {
            if (!assignment.TryAdd(partition.PartitionIndex, partition.BrokerIds)) return Invalid($"Partition {partition.PartitionIndex} is assigned twice.");
        }

        var expected = 0;
        foreach (var (partition, replicas) in assignment)
        {
            if (partition != expected++) return Invalid("Partitions should be numbered consecutively from 0.");
            if (PartitionAssignment.Problem(replicas) is { } problem) return Invalid($"Partition {partition}: {problem}");
            if (replicas.Count != assignment[0].Count) return Invalid("All partitions should have the same number of replicas.");
            var unknown = replicas.Where(r => !brokers.Exists(b => b.Id == r)).ToList();
            if (unknown.Count > 0) return Invalid($"Unknown broker(s) {string.Join(", ", unknown)} in the replicas of partition {partition}.");
        }

        return new Plan(assignment, default);
    }

    private static Plan Invalid(string message) => Plan.Refuse(ErrorCode.InvalidReplicaAssignment, message);

    private readonly record struct Plan(SortedDictionary<int, IReadOnlyList<int>>? Assignment, TopicCreation Refusal)
    {
        public static Plan Refuse(ErrorCode error, string message) => new(null, new TopicCreation(error, message));
    }
}
