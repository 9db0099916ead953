using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Clients.Metadata;
using Reference.Clients.Network;
using Reference.Rpc.Configuration;
using Reference.Wire;
using Reference.Wire.Messages;
using Simulator.Platform;

namespace Reference.Clients.Administration;

/// <summary>How an admin behaves: the common options only.</summary>
public sealed record AdminOptions : ClientOptions
{
    /// <summary>All options of an admin.</summary>
    public static ConfigDefinition Definition { get; } = new("admin", ClientConfig.All);

    /// <summary>Reads a configuration of Kafka's names.</summary>
    /// <exception cref="ConfigException">Unknown option or bad value.</exception>
    public static AdminOptions Parse(IEnumerable<KeyValuePair<string, string>> configuration) =>
        Parse<AdminOptions>(Definition, configuration, static (options, _) => options);
}

/// <summary>Administers topics, partitions and leaders. Use it on its node's loop only.</summary>
public sealed partial class Admin
{
    private readonly Node _node;
    private readonly AdminOptions _options;
    private readonly NetworkClient _network;

    /// <summary>Makes an admin; it connects when first needed.</summary>
    /// <exception cref="ConfigException">Options that contradict each other.</exception>
    public Admin(Node node, AdminOptions options)
    {
        _node = node;
        _options = options;
        _network = new NetworkClient(node, options);
    }

    /// <summary>Creates topics; ends when the controller has them, which the other brokers hear of a little later.</summary>
    /// <exception cref="KafkaException">The first topic that was refused, or no answer within the timeout.</exception>
    /// <param name="topics">The topics.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="validateOnly">True to check without creating.</param>
    public async LoopTask CreateTopics(IReadOnlyList<NewTopic> topics, TimeSpan timeout, bool validateOnly = false)
    {
        var request = new CreateTopicsRequest { TimeoutMs = (int)timeout.TotalMilliseconds, ValidateOnly = validateOnly };
        foreach (var topic in topics) request.Topics.Add(Creatable(topic));
        await OnController(timeout, async controller =>
        {
            var answer = await _network.Send(controller, request);
            foreach (var result in answer.Topics) ThrowIfRefused(result.ErrorCode, $"The topic \"{result.Name}\" was not created", result.ErrorMessage);
        });
    }

    /// <summary>Deletes topics with all their records.</summary>
    /// <exception cref="KafkaException">The first topic that was refused, or no answer within the timeout.</exception>
    public LoopTask DeleteTopics(IReadOnlyList<string> topics, TimeSpan timeout) => OnController(timeout, async controller =>
    {
        var answer = await _network.Send<DeleteTopicsRequest, DeleteTopicsResponse>(controller, version => Deletion(topics, version, timeout), _options.RequestTimeout);
        foreach (var result in answer.Responses) ThrowIfRefused(result.ErrorCode, $"The topic \"{result.Name}\" was not deleted", result.ErrorMessage);
    });

    /// <summary>The cluster as some broker sees it, with the topics named; an unknown one has its error code there.</summary>
    /// <exception cref="KafkaException">No broker answered within the timeout.</exception>
    public async LoopTask<ClusterMetadata> Describe(IReadOnlyList<string> topics, TimeSpan timeout)
    {
        var end = End(timeout);
        while (true)
        {
            try
            {
                return MetadataReading.Next(ClusterMetadata.Empty, await _network.SendToAny<MetadataRequest, MetadataResponse>(version => Question(topics, version)));
            }
            catch (KafkaException e) when (e.IsRetriable && _node.Clock.MonotonicMicros < end)
            {
                // Another broker may answer.
            }

            await _node.Clock.Delay(_options.RetryBackoff);
        }
    }

    /// <summary>Disconnects.</summary>
    public LoopTask Close() => _network.Close();

    private static CreateTopicsRequest.CreatableTopic Creatable(NewTopic topic)
    {
        var creatable = new CreateTopicsRequest.CreatableTopic
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions,
            ReplicationFactor = topic.ReplicationFactor,
        };
        foreach (var (name, value) in topic.Configuration ?? new Dictionary<string, string>())
            creatable.Configs.Add(new CreateTopicsRequest.CreatableTopicConfig { Name = name, Value = value });
        foreach (var (partition, replicas) in (topic.Assignments ?? []).Index())
            creatable.Assignments.Add(new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = partition, BrokerIds = [.. replicas] });
        return creatable;
    }

    private static DeleteTopicsRequest Deletion(IReadOnlyList<string> topics, short version, TimeSpan timeout)
    {
        var request = new DeleteTopicsRequest { TimeoutMs = (int)timeout.TotalMilliseconds };
        foreach (var topic in topics)
        {
            if (version >= 6) request.Topics.Add(new DeleteTopicsRequest.DeleteTopicState { Name = topic });
            else request.TopicNames.Add(topic);
        }

        return request;
    }

    private static MetadataRequest Question(IReadOnlyList<string> topics, short version)
    {
        var request = new MetadataRequest { AllowAutoTopicCreation = version < 4 };
        foreach (var topic in topics) request.Topics!.Add(new MetadataRequest.MetadataRequestTopic { Name = topic });
        return request;
    }

    private static void ThrowIfRefused(ErrorCode code, string what, string? reason)
    {
        if (code == ErrorCode.None) return;
        throw new KafkaException(code, $"{what}: {code}{(reason is { Length: > 0 } ? $" ({reason})" : string.Empty)}.", isUnknownOutcome: code == ErrorCode.RequestTimedOut);
    }

    /// <summary>Finds the controller and asks it, again where it is unknown, unreachable or another one by now; never after an unknown outcome.</summary>
    private async LoopTask OnController(TimeSpan timeout, Func<int, LoopTask> ask)
    {
        var end = End(timeout);
        while (true)
        {
            KafkaException failure;
            try
            {
                if (_network.Metadata.Current.ControllerId < 0) throw new KafkaException(ErrorCode.NotController, "The controller is not known.", inner: _network.Metadata.LastFailure);
                await ask(_network.Metadata.Current.ControllerId);
                return;
            }
            catch (KafkaException e) when (!e.IsUnknownOutcome && (e.IsRetriable || e.Code == ErrorCode.BrokerNotAvailable))
            {
                failure = e;
            }

            var left = end - _node.Clock.MonotonicMicros;
            if (left <= 0) throw failure;
            await _network.Metadata.Update(TimeSpan.FromMicroseconds(left));
        }
    }

    private long End(TimeSpan timeout) => _node.Clock.MonotonicMicros + (long)timeout.TotalMicroseconds;
}
