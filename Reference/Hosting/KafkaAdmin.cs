using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Clients.Metadata;

namespace Reference.Hosting;

/// <summary>An admin over sockets with ordinary tasks; safe to use from any thread.</summary>
public sealed class KafkaAdmin : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private readonly ClientNode<Admin> _node;

    private KafkaAdmin(ClientNode<Admin> node) => _node = node;

    /// <summary>Starts an admin.</summary>
    /// <remarks>Options that contradict each other are a ConfigException.</remarks>
    public static async Task<KafkaAdmin> StartAsync(AdminOptions options, ILoggerFactory? logs = null) =>
        new(await ClientNode<Admin>.Start(options.ClientId, n => new Admin(n, options), logs ?? NullLoggerFactory.Instance));

    /// <summary>Creates topics.</summary>
    /// <exception cref="KafkaException">The first topic that was refused, or no answer in 30 s.</exception>
    public Task CreateTopicsAsync(IReadOnlyList<NewTopic> topics, CancellationToken cancellation = default) =>
        _node.Run(a => a.CreateTopics(topics, s_timeout)).WaitAsync(cancellation);

    /// <summary>Deletes topics with all their records.</summary>
    /// <exception cref="KafkaException">The first topic that was refused, or no answer in 30 s.</exception>
    public Task DeleteTopicsAsync(IReadOnlyList<string> topics, CancellationToken cancellation = default) =>
        _node.Run(a => a.DeleteTopics(topics, s_timeout)).WaitAsync(cancellation);

    /// <summary>Adds partitions to topics.</summary>
    /// <exception cref="KafkaException">The first topic that was refused, or no answer in 30 s.</exception>
    public Task CreatePartitionsAsync(IReadOnlyList<NewPartitions> topics, CancellationToken cancellation = default) =>
        _node.Run(a => a.CreatePartitions(topics, s_timeout)).WaitAsync(cancellation);

    /// <summary>
    /// Deletes the records of partitions below offsets, -1 being the high watermark, each at its leader; ends when no live replica serves
    /// them any more. Their files go in their own time.
    /// </summary>
    /// <returns>Of each partition where its log begins now, or why it is not known to; no answer in 30 s is such a reason too.</returns>
    public Task<IReadOnlyDictionary<TopicPartition, DeletedRecords>> DeleteRecordsAsync(IReadOnlyDictionary<TopicPartition, long> beforeOffsets, CancellationToken cancellation = default) =>
        _node.Invoke(a => a.DeleteRecords(beforeOffsets, s_timeout)).WaitAsync(cancellation);

    /// <summary>Begins to move partitions to other replicas, or gives such moves up; gives those that were refused, with the reason.</summary>
    /// <exception cref="KafkaException">No answer in 30 s.</exception>
    public Task<IReadOnlyDictionary<TopicPartition, KafkaException>> AlterPartitionReassignmentsAsync(IReadOnlyList<NewReplicas> wishes, CancellationToken cancellation = default) =>
        _node.Invoke(a => a.AlterPartitionReassignments(wishes, s_timeout)).WaitAsync(cancellation);

    /// <summary>The reassignments under way; of all partitions if none are named.</summary>
    /// <exception cref="KafkaException">No answer in 30 s.</exception>
    public Task<IReadOnlyList<PartitionReassignment>> ListPartitionReassignmentsAsync(IReadOnlyList<TopicPartition>? partitions = null, CancellationToken cancellation = default) =>
        _node.Invoke(a => a.ListPartitionReassignments(partitions, s_timeout)).WaitAsync(cancellation);

    /// <summary>Elects leaders, of all partitions that need it if none are named; gives those that got no new one, with the reason.</summary>
    /// <exception cref="KafkaException">No answer in 30 s.</exception>
    public Task<IReadOnlyDictionary<TopicPartition, KafkaException>> ElectLeadersAsync(ElectionType type, IReadOnlyList<TopicPartition>? partitions = null, CancellationToken cancellation = default) =>
        _node.Invoke(a => a.ElectLeaders(type, partitions, s_timeout)).WaitAsync(cancellation);

    /// <summary>The cluster as some broker sees it, with the topics named.</summary>
    /// <exception cref="KafkaException">No broker answered in 30 s.</exception>
    public Task<ClusterMetadata> DescribeAsync(IReadOnlyList<string> topics, CancellationToken cancellation = default) =>
        _node.Invoke(a => a.Describe(topics, s_timeout)).WaitAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _node.Stop(static a => a.Close());
}
