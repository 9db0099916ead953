using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Clients;
using Reference.Clients.Consuming;
using Scenarios.History;
using Simulator.Engine;
using Simulator.Platform;

namespace Scenarios.Workload;

/// <summary>A consumer that reads all partitions from the beginning, and now and then seeks somewhere else, as planned.</summary>
/// <param name="world">The world.</param>
/// <param name="name">Its name and its machine's.</param>
/// <param name="history">Where it notes what it reads.</param>
/// <param name="options">The consumer's options.</param>
/// <param name="partitions">What it reads; the plan names them by their place in this list.</param>
/// <param name="seeks">Where it seeks, in the order of time.</param>
public sealed class ConsumerWorkload(SimWorld world, string name, ClientHistory history, ConsumerOptions options, IReadOnlyList<TopicPartition> partitions, IReadOnlyList<PlannedSeek> seeks)
{
    private readonly string[] _names = [.. partitions.Select(p => p.ToString())];
    private readonly int[] _positions = new int[partitions.Count];

    /// <summary>The machine.</summary>
    public SimMachine Machine { get; } = world.AddMachine(name);

    /// <summary>Starts reading at an instant of virtual time.</summary>
    public void Start(TimeSpan at) => Machine.Start(async node =>
    {
        await node.Clock.Delay(at - TimeSpan.FromMicroseconds(world.NowMicros));
        var consumer = new Consumer(node, options);
        consumer.Assign(partitions);
        foreach (var partition in partitions) consumer.SeekToBeginning(partition);
        var sought = 0;
        for (var poll = 0; ; poll++)
        {
            var operation = history.BeginPoll(name);
            var records = await Poll(consumer);
            var firstRead = history.Reads.Count;
            foreach (var record in records) Note(record, poll);
            history.EndPoll(operation, firstRead);
            for (; sought < seeks.Count && (long)seeks[sought].At.TotalMicroseconds <= world.NowMicros; sought++) Seek(consumer, seeks[sought]);
        }
    });

    // With no policy for positions that the log does not hold, the consumer says where its past was cut off, and goes on there.
    private async LoopTask<IReadOnlyList<ConsumerRecord>> Poll(Consumer consumer)
    {
        try
        {
            return await consumer.Poll(TimeSpan.FromMilliseconds(500));
        }
        catch (LogTruncationException e)
        {
            GoOn(consumer, e.Partition, e.DivergentOffset, e.Message);
        }
        catch (OffsetOutOfRangeException e)
        {
            GoOn(consumer, e.Partition, null, e.Message);
        }

        return [];
    }

    private void GoOn(Consumer consumer, TopicPartition partition, long? offset, string message)
    {
        history.AddTruncation(name, partition.ToString(), message);
        _positions[IndexOf(partition)]++;
        if (offset is { } found) consumer.Seek(partition, found);
        else consumer.SeekToBeginning(partition);
    }

    private int IndexOf(TopicPartition partition)
    {
        for (var index = 0; index < partitions.Count; index++)
        {
            if (partitions[index] == partition) return index;
        }

        throw new InvalidOperationException($"{partition} is not read here.");
    }

    private void Seek(Consumer consumer, PlannedSeek seek)
    {
        var partition = partitions[seek.Partition];
        _positions[seek.Partition]++;
        if (seek.ToEnd) consumer.SeekToEnd(partition);
        else consumer.SeekToBeginning(partition);
    }

    private void Note(ConsumerRecord record, int poll)
    {
        var partition = IndexOf(record.TopicPartition);
        history.AddRead(new ReadOperation(name, _names[partition], _positions[partition], poll, record.Offset, RecordText.Of(record), record.LeaderEpoch));
    }
}
