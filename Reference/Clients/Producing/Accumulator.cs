using System;
using System.Collections.Generic;
using Simulator.Platform;

namespace Reference.Clients.Producing;

/// <summary>The batches that wait to be sent, per partition in order, and the memory that unfinished ones hold.</summary>
internal sealed class Accumulator(ProducerOptions options, IClock clock)
{
    private readonly SortedDictionary<TopicPartition, PartitionQueue> _queues = [];
    private readonly List<ProducerBatch> _unfinished = [];
    private LoopPromise<Nothing> _freed = new();
    private long _sequence;

    /// <summary>Bytes that unfinished batches hold.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>True while some send waits for memory: batches leave without lingering.</summary>
    public bool IsStarved { get; set; }

    /// <summary>Queues by partition.</summary>
    public IReadOnlyDictionary<TopicPartition, PartitionQueue> Queues => _queues;

    /// <summary>All batches whose outcome is open, oldest first.</summary>
    public IReadOnlyList<ProducerBatch> Unfinished => _unfinished;

    public bool HasMemoryFor(int bytes) => UsedBytes == 0 || UsedBytes + bytes <= options.BufferMemory;

    /// <summary>Waits until memory has been freed, or the time is over.</summary>
    public LoopTask<bool> MemoryFreed(TimeSpan timeout) => _freed.WaitFor(clock, timeout);

    /// <summary>True if a record of that size would open a new batch.</summary>
    public bool NeedsNewBatch(TopicPartition partition, int bytes) =>
        !_queues.TryGetValue(partition, out var queue) || queue.Last is not { } last || !last.HasRoomFor(bytes, options.BatchSize);

    /// <summary>Adds a record to the last batch of its partition or to a new one.</summary>
    public (ProducerBatch Batch, int Index) Append(TopicPartition partition, ProducerRecord record, long timestampMs, int bytes)
    {
        if (!_queues.TryGetValue(partition, out var queue)) _queues[partition] = queue = new PartitionQueue(partition);
        if (queue.Last is not { } batch || !batch.HasRoomFor(bytes, options.BatchSize))
        {
            batch = new ProducerBatch(++_sequence, partition, options.Compression, clock.MonotonicMicros);
            queue.Waiting.AddLast(batch);
            _unfinished.Add(batch);
        }

        UsedBytes += bytes;
        return (batch, batch.Append(record, timestampMs, bytes));
    }

    /// <summary>Puts a batch back for another attempt, before those made later.</summary>
    public void Requeue(ProducerBatch batch)
    {
        var waiting = _queues[batch.Partition].Waiting;
        var before = waiting.First;
        while (before is not null && before.Value.Sequence < batch.Sequence) before = before.Next;
        if (before is null) waiting.AddLast(batch);
        else waiting.AddBefore(before, batch);
    }

    public void Succeed(ProducerBatch batch, long baseOffset, long logAppendTimeMs)
    {
        if (batch.Outcome.TrySetResult((baseOffset, logAppendTimeMs))) Finish(batch);
    }

    public void Fail(ProducerBatch batch, KafkaException error)
    {
        if (batch.Outcome.TrySetException(error)) Finish(batch);
    }

    private void Finish(ProducerBatch batch)
    {
        _unfinished.Remove(batch);
        _queues[batch.Partition].Waiting.Remove(batch);
        UsedBytes -= batch.ReservedBytes;
        var freed = _freed;
        _freed = new LoopPromise<Nothing>();
        freed.TrySetResult(default);
    }
}

/// <summary>The batches of one partition.</summary>
internal sealed class PartitionQueue(TopicPartition partition)
{
    public TopicPartition Partition { get; } = partition;

    /// <summary>Not in flight, oldest first.</summary>
    public LinkedList<ProducerBatch> Waiting { get; } = new();

    /// <summary>Number of batches in flight.</summary>
    public int InFlight { get; set; }

    public ProducerBatch? Last => Waiting.Last?.Value;
}
