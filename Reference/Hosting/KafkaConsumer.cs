using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Reference.Clients;
using Reference.Clients.Consuming;

namespace Reference.Hosting;

/// <summary>A consumer over sockets with ordinary tasks. One poll at a time; the rest is safe to call from any thread.</summary>
public sealed class KafkaConsumer : IAsyncDisposable
{
    private static readonly TimeSpan s_lookup = TimeSpan.FromSeconds(30);
    private readonly ClientNode<Consumer> _node;

    private KafkaConsumer(ClientNode<Consumer> node) => _node = node;

    /// <summary>Starts a consumer.</summary>
    /// <remarks>Options that contradict each other are a ConfigException.</remarks>
    public static async Task<KafkaConsumer> StartAsync(ConsumerOptions options, ILoggerFactory? logs = null) =>
        new(await ClientNode<Consumer>.Start(options.ClientId, n => new Consumer(n, options), logs ?? NullLoggerFactory.Instance));

    /// <summary>Reads exactly these partitions from now on.</summary>
    public Task AssignAsync(params IReadOnlyCollection<TopicPartition> partitions) => _node.Run(c => c.Assign(partitions));

    /// <summary>The next records; empty when none came in time. A cancelled poll loses no records.</summary>
    /// <exception cref="KafkaException">No position and no reset policy, a truncated log, a corrupt batch.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before a record came.</exception>
    public async Task<IReadOnlyList<ConsumerRecord>> PollAsync(TimeSpan timeout, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var polling = _node.Invoke(c => c.Poll(timeout));
        await using var waking = cancellation.Register(() => _ = _node.Run(static c => c.Wakeup()));
        var records = await polling;
        if (records.Count == 0) cancellation.ThrowIfCancellationRequested();
        return records;
    }

    /// <summary>All records from here on, one by one, until cancelled.</summary>
    /// <exception cref="KafkaException">As <see cref="PollAsync"/>.</exception>
    public async IAsyncEnumerable<ConsumerRecord> ConsumeAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            foreach (var record in await PollAsync(TimeSpan.FromSeconds(1), cancellation)) yield return record;
        }
    }

    /// <summary>The next poll begins at this offset.</summary>
    /// <exception cref="InvalidOperationException">Not assigned.</exception>
    public Task SeekAsync(TopicPartition partition, long offset) => _node.Run(c => c.Seek(partition, offset));

    /// <summary>The next poll begins at the log's start.</summary>
    /// <exception cref="InvalidOperationException">Not assigned.</exception>
    public Task SeekToBeginningAsync(TopicPartition partition) => _node.Run(c => c.SeekToBeginning(partition));

    /// <summary>The next poll begins at the log's end.</summary>
    /// <exception cref="InvalidOperationException">Not assigned.</exception>
    public Task SeekToEndAsync(TopicPartition partition) => _node.Run(c => c.SeekToEnd(partition));

    /// <summary>The offset of the next record to be given.</summary>
    /// <exception cref="KafkaException">It could not be found in 30 s.</exception>
    public Task<long> PositionAsync(TopicPartition partition, CancellationToken cancellation = default) =>
        _node.Invoke(c => c.Position(partition, s_lookup)).WaitAsync(cancellation);

    /// <summary>The offset after the last record that may be read.</summary>
    /// <exception cref="KafkaException">The leader gave no answer in 30 s.</exception>
    public Task<long> EndOffsetAsync(TopicPartition partition, CancellationToken cancellation = default) =>
        _node.Invoke(c => c.EndOffset(partition, s_lookup)).WaitAsync(cancellation);

    /// <summary>Stops giving records of a partition.</summary>
    /// <exception cref="InvalidOperationException">Not assigned.</exception>
    public Task PauseAsync(TopicPartition partition) => _node.Run(c => c.Pause(partition));

    /// <summary>Goes on after <see cref="PauseAsync"/>.</summary>
    /// <exception cref="InvalidOperationException">Not assigned.</exception>
    public Task ResumeAsync(TopicPartition partition) => _node.Run(c => c.Resume(partition));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _node.Stop(static c => c.Close());
}
