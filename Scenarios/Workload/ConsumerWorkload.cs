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
/// <param name="topic">What it reads.</param>
/// <param name="partitions">Number of its partitions.</param>
/// <param name="seeks">Where it seeks, in the order of time.</param>
public sealed class ConsumerWorkload(SimWorld world, string name, ClientHistory history, ConsumerOptions options, string topic, int partitions, IReadOnlyList<PlannedSeek> seeks)
{
    private readonly string[] _names = [.. Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p).ToString())];
    private readonly int[] _positions = new int[partitions];

    /// <summary>The machine.</summary>
    public SimMachine Machine { get; } = world.AddMachine(name);

    /// <summary>Starts reading at an instant of virtual time.</summary>
    public void Start(TimeSpan at) => Machine.Start(async node =>
    {
        await node.Clock.Delay(at - TimeSpan.FromMicroseconds(world.NowMicros));
        var consumer = new Consumer(node, options);
        var assigned = Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p)).ToList();
        consumer.Assign(assigned);
        foreach (var partition in assigned) consumer.SeekToBeginning(partition);
        var sought = 0;
        for (var poll = 0; ; poll++)
        {
            var operation = history.BeginPoll(name);
            var records = await consumer.Poll(TimeSpan.FromMilliseconds(500));
            var firstRead = history.Reads.Count;
            foreach (var record in records) Note(record, poll);
            history.EndPoll(operation, firstRead);
            for (; sought < seeks.Count && (long)seeks[sought].At.TotalMicroseconds <= world.NowMicros; sought++) Seek(consumer, seeks[sought]);
        }
    });

    private void Seek(Consumer consumer, PlannedSeek seek)
    {
        var partition = new TopicPartition(topic, seek.Partition);
        _positions[partition.Partition]++;
        if (seek.ToEnd) consumer.SeekToEnd(partition);
        else consumer.SeekToBeginning(partition);
    }

    private void Note(ConsumerRecord record, int poll)
    {
        var partition = record.TopicPartition.Partition;
        history.AddRead(new ReadOperation(name, _names[partition], _positions[partition], poll, record.Offset, RecordText.Of(record)));
    }
}
