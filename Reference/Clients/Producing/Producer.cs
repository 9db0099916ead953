using System;
using System.Collections.Generic;
using Reference.Clients.Metadata;
using Reference.Clients.Network;
using Reference.Wire;
using Reference.Wire.Records;
using Simulator.Platform;

namespace Reference.Clients.Producing;

/// <summary>
/// Sends records in batches. Per partition they leave in the order of the sends; the order in the log is the same with
/// <c>max.in.flight.requests.per.connection=1</c> or without retries. Retries may append a record twice: there is no idempotence.
/// Use it on its node's loop only.
/// </summary>
public sealed class Producer
{
    private readonly Node _node;
    private readonly ProducerOptions _options;
    private readonly NetworkClient _network;
    private readonly Accumulator _accumulator;
    private readonly Sender _sender;
    private readonly Partitioner _partitioner;
    private readonly LoopLock _blocked = new();
    private bool _closed;

    /// <summary>Makes a producer; it connects when first needed.</summary>
    /// <exception cref="Rpc.Configuration.ConfigException">Options that contradict each other.</exception>
    public Producer(Node node, ProducerOptions options)
    {
        _node = node;
        _options = options;
        _network = new NetworkClient(node, options);
        _accumulator = new Accumulator(options, node.Clock);
        _sender = new Sender(node, options, _network, _accumulator);
        _partitioner = new Partitioner(node.Random.Stream("producer-sticky-partition"));
        node.Spawn(_sender.Run());
    }

    /// <summary>
    /// Sends a record; ends with its acknowledgement. Waits up to <c>max.block.ms</c> for metadata and buffer memory, and then up
    /// to <c>delivery.timeout.ms</c>.
    /// </summary>
    /// <exception cref="KafkaException">The record was refused (surely not in the log), or its outcome is unknown.</exception>
    public LoopTask<RecordMetadata> Send(ProducerRecord record)
    {
        var timestamp = record.TimestampMs ?? _node.Clock.WallMillis;
        var bytes = RecordBatchBuilder.EstimateRecordSize(record.Key, record.Value, record.Headers);
        if (Unsendable(bytes) is { } refusal) return LoopTask.FromException<RecordMetadata>(refusal);
        if (!_blocked.IsHeld && KnownTopic(record) is { } topic && _accumulator.HasMemoryFor(bytes)) return Append(record, topic, timestamp, bytes);
        return SendLater(record, timestamp, bytes);
    }

    /// <summary>The partitions of a topic, waiting for metadata up to <c>max.block.ms</c>.</summary>
    /// <exception cref="KafkaException">No metadata in time, or the topic's name is refused.</exception>
    public async LoopTask<TopicMetadata> PartitionsFor(string topic) => await AwaitTopic(topic, null, Deadline());

    /// <summary>Sends all that waits without lingering; ends when each record sent before is acknowledged or has failed.</summary>
    public async LoopTask Flush()
    {
        _sender.Flushing++;
        _sender.Wake();
        foreach (var batch in new List<ProducerBatch>(_accumulator.Unfinished)) await Settled(batch);
        _sender.Flushing--;
    }

    /// <summary>Refuses new records, waits for the outcome of the others up to a time, fails the rest, and disconnects.</summary>
    public async LoopTask Close(TimeSpan timeout)
    {
        if (_closed) return;
        _closed = true;
        _sender.Flushing++;
        _sender.Wake();
        var end = _node.Clock.MonotonicMicros + (long)timeout.TotalMicroseconds;
        foreach (var batch in new List<ProducerBatch>(_accumulator.Unfinished))
        {
            var left = Math.Max(0, end - _node.Clock.MonotonicMicros);
            await batch.Outcome.WaitFor(_node.Clock, TimeSpan.FromMicroseconds(left));
        }

        foreach (var batch in new List<ProducerBatch>(_accumulator.Unfinished))
            _accumulator.Fail(batch, new KafkaException(ErrorCode.RequestTimedOut, $"The producer was closed before {batch.Partition} acknowledged.", batch.Attempts > 0));
        await _network.Close();
        _sender.Wake();
    }

    private static async LoopTask Settled(ProducerBatch batch)
    {
        try
        {
            await batch.Outcome.Task;
        }
        catch (KafkaException)
        {
            // Its senders hear of it.
        }
    }

    private KafkaException? Unsendable(int bytes)
    {
        if (_closed) return new KafkaException(ErrorCode.InvalidRequest, "The producer is closed.");
        var size = bytes + RecordBatch.HeaderSize;
        if (size > _options.MaxRequestSize)
            return new KafkaException(ErrorCode.MessageTooLarge, $"The record needs up to {size} bytes, but max.request.size is {_options.MaxRequestSize}.");
        return size > _options.BufferMemory
            ? new KafkaException(ErrorCode.MessageTooLarge, $"The record needs up to {size} bytes, but buffer.memory is {_options.BufferMemory}.")
            : null;
    }

    /// <summary>The slow way: in line behind earlier sends that wait, so that the order of a partition is kept.</summary>
    private async LoopTask<RecordMetadata> SendLater(ProducerRecord record, long timestamp, int bytes)
    {
        var deadline = Deadline();
        await _blocked.Acquire();
        LoopTask<RecordMetadata> acknowledgement;
        try
        {
            var topic = await AwaitTopic(record.Topic, record.Partition, deadline);
            await AwaitMemory(bytes, deadline);
            acknowledgement = Append(record, topic, timestamp, bytes);
        }
        catch (KafkaException)
        {
            _blocked.Release();
            throw;
        }

        _blocked.Release();
        return await acknowledgement;
    }

    private TopicMetadata? KnownTopic(ProducerRecord record) =>
        _network.Metadata.Current.Topic(record.Topic) is { Error: ErrorCode.None, Partitions.Count: > 0 } topic
        && (record.Partition is not { } given || topic.Find(given) is not null)
            ? topic
            : null;

    private async LoopTask<TopicMetadata> AwaitTopic(string name, int? partition, long deadline)
    {
        _network.Metadata.Watch(name);
        while (true)
        {
            if (_closed) throw new KafkaException(ErrorCode.InvalidRequest, "The producer is closed.");
            var topic = _network.Metadata.Current.Topic(name);
            if (topic is { Error: ErrorCode.None, Partitions.Count: > 0 } && (partition is not { } given || topic.Find(given) is not null)) return topic;
            if (topic is not null && topic.Error != ErrorCode.None && !topic.Error.IsRetriable())
                throw new KafkaException(topic.Error, $"The cluster refuses the topic \"{name}\": {topic.Error}.");
            var left = deadline - _node.Clock.MonotonicMicros;
            if (left <= 0 || !await _network.Metadata.Update(TimeSpan.FromMicroseconds(left))) throw NoMetadata(name, partition, topic);
        }
    }

    private KafkaException NoMetadata(string name, int? partition, TopicMetadata? topic)
    {
        var what = topic is { Error: ErrorCode.None } && partition is { } given ? $"Partition {given} of \"{name}\"" : $"The topic \"{name}\"";
        var reason = _network.Metadata.LastFailure is { } failure ? $" The last attempt failed: {failure.Message}" : string.Empty;
        return new KafkaException(ErrorCode.UnknownTopicOrPartition, $"{what} did not appear in the metadata within {_options.MaxBlock.TotalMilliseconds:0} ms.{reason}");
    }

    private async LoopTask AwaitMemory(int bytes, long deadline)
    {
        while (!_accumulator.HasMemoryFor(bytes))
        {
            _accumulator.IsStarved = true;
            _sender.Wake();
            var left = deadline - _node.Clock.MonotonicMicros;
            var freed = left > 0 && await _accumulator.MemoryFreed(TimeSpan.FromMicroseconds(left));
            _accumulator.IsStarved = false;
            if (!freed)
                throw new KafkaException(ErrorCode.RequestTimedOut, $"No {bytes} bytes of buffer.memory ({_options.BufferMemory}) became free within {_options.MaxBlock.TotalMilliseconds:0} ms.");
            if (_closed) throw new KafkaException(ErrorCode.InvalidRequest, "The producer is closed.");
        }
    }

    private LoopTask<RecordMetadata> Append(ProducerRecord record, TopicMetadata topic, long timestamp, int bytes)
    {
        var target = new TopicPartition(record.Topic, _partitioner.Choose(record, topic));
        var fresh = _accumulator.NeedsNewBatch(target, bytes);
        if (fresh && record.Partition is null && record.Key is null && _accumulator.Queues.TryGetValue(target, out var queue) && queue.Last is not null)
        {
            _partitioner.BatchCompleted(topic, target.Partition);
            target = new TopicPartition(record.Topic, _partitioner.Choose(record, topic));
        }

        var (batch, index) = _accumulator.Append(target, record, timestamp, bytes);
        if (index == 0 || batch.SizeInBytes >= _options.BatchSize) _sender.Wake();
        return Acknowledged(batch, index, timestamp);
    }

    private static async LoopTask<RecordMetadata> Acknowledged(ProducerBatch batch, int index, long timestamp)
    {
        var (baseOffset, appendTime) = await batch.Outcome.Task;
        return new RecordMetadata(batch.Partition.Topic, batch.Partition.Partition, baseOffset < 0 ? -1 : baseOffset + index, appendTime >= 0 ? appendTime : timestamp);
    }

    private long Deadline() => _node.Clock.MonotonicMicros + (long)_options.MaxBlock.TotalMicroseconds;
}
