using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Reference.Clients;
using Reference.Clients.Administration;
using Reference.Clients.Consuming;
using Reference.Clients.Metadata;
using Reference.Clients.Producing;
using Reference.Hosting;

namespace Tests.Reference.Hosting;

/// <summary>A cluster over real sockets with a producer, a consumer and an admin, and what its brokers have on their disks.</summary>
internal sealed class ClusterClients : IAsyncDisposable
{
    private ClusterClients(KafkaCluster cluster, KafkaAdmin admin, KafkaProducer producer, KafkaConsumer consumer)
    {
        Cluster = cluster;
        Admin = admin;
        Producer = producer;
        Consumer = consumer;
    }

    public KafkaCluster Cluster { get; }

    public KafkaAdmin Admin { get; }

    private KafkaProducer Producer { get; }

    private KafkaConsumer Consumer { get; }

    public static async Task<ClusterClients> Start(int brokers, KafkaClusterOptions options)
    {
        var cluster = await KafkaCluster.StartAsync(brokers, options);
        KeyValuePair<string, string>[] common = [new("bootstrap.servers", cluster.BootstrapServers), new("retry.backoff.ms", "20")];
        return new ClusterClients(
            cluster,
            await KafkaAdmin.StartAsync(AdminOptions.Parse(common)),
            await KafkaProducer.StartAsync(ProducerOptions.Parse([.. common, new("acks", "all"), new("linger.ms", "0")])),
            await KafkaConsumer.StartAsync(ConsumerOptions.Parse([.. common, new("auto.offset.reset", "earliest")])));
    }

    /// <summary>Creates a topic whose partitions have these replicas, the preferred leader first.</summary>
    public async Task Create(string topic, int[][] assignments, params (string Option, string Value)[] options)
    {
        await Admin.CreateTopicsAsync([new NewTopic(topic, Configuration: options.ToDictionary(o => o.Option, o => o.Value), Assignments: assignments)]);
    }

    /// <summary>Appends one record after another, each a batch of its own; ends when the last is acknowledged by all in-sync replicas.</summary>
    public async Task Send(TopicPartition partition, IEnumerable<string> values, long? timestampMs = null)
    {
        foreach (var value in values) await Send(partition, null, value, timestampMs);
    }

    public Task<RecordMetadata> Send(TopicPartition partition, string? key, string? value, long? timestampMs = null) =>
        Producer.SendAsync(new ProducerRecord(partition.Topic, Bytes(key), Bytes(value), partition.Partition, timestampMs));

    /// <summary>Where the leader's log begins.</summary>
    public async Task<long> BeginningOf(TopicPartition partition)
    {
        await Consumer.AssignAsync(partition);
        await Consumer.SeekToBeginningAsync(partition);
        return await Consumer.PositionAsync(partition);
    }

    /// <summary>All that a consumer reads from the beginning to the end.</summary>
    public async Task<List<(long Offset, string? Key, string? Value)>> Read(TopicPartition partition)
    {
        var found = new List<(long, string?, string?)>();
        var next = await BeginningOf(partition);
        var end = await Consumer.EndOffsetAsync(partition);
        while (next < end)
        {
            foreach (var record in await Consumer.PollAsync(TimeSpan.FromSeconds(1)))
            {
                found.Add((record.Offset, Text(record.Key), Text(record.Value)));
                next = record.Offset + 1;
            }
        }

        return found;
    }

    public async Task<List<string?>> Values(TopicPartition partition) => [.. (await Read(partition)).Select(static r => r.Value)];

    /// <summary>A partition as some broker sees it, or null.</summary>
    public async Task<PartitionMetadata?> Describe(TopicPartition partition) => (await Admin.DescribeAsync([partition.Topic])).Partition(partition);

    /// <summary>Where a broker keeps a partition; null if it has no copy.</summary>
    public string? HomeOf(int broker, TopicPartition partition) =>
        Cluster.LogDirectoriesOf(broker).Select(directory => Path.Combine(directory, $"{partition}")).SingleOrDefault(Directory.Exists);

    /// <summary>Bytes of a broker's segments of a partition; 0 if it has no copy.</summary>
    public long LogBytes(int broker, TopicPartition partition) => HomeOf(broker, partition) is { } home
        ? Directory.GetFiles(home, "*.log").Sum(static path => new FileInfo(path) is { Exists: true } file ? file.Length : 0)
        : 0;

    public async ValueTask DisposeAsync()
    {
        await Consumer.DisposeAsync();
        await Producer.DisposeAsync();
        await Admin.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    private static ReadOnlyMemory<byte>? Bytes(string? text) => text is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(text);

    private static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? Encoding.UTF8.GetString(some.Span) : null;
}
