using System;
using System.Linq;
using System.Text;
using Reference.Clients;
using Reference.Clients.Consuming;
using Scenarios.History;
using Simulator.Engine;
using Simulator.Platform;

namespace Scenarios.Workload;

/// <summary>A consumer that reads all partitions from the beginning, and now and then seeks somewhere else.</summary>
public sealed class ConsumerWorkload(SimWorld world, string name, ClientHistory history, ConsumerOptions options, string topic, int partitions)
{
    private const double SeekProbability = 0.01;
    private readonly string[] _names = [.. Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p).ToString())];
    private readonly int[] _positions = new int[partitions];

    /// <summary>The machine.</summary>
    public SimMachine Machine { get; } = world.AddMachine(name);

    /// <summary>Starts reading.</summary>
    public void Start(TimeSpan delay) => Machine.Start(async node =>
    {
        await node.Clock.Delay(delay);
        var consumer = new Consumer(node, options);
        var assigned = Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p)).ToList();
        consumer.Assign(assigned);
        foreach (var partition in assigned) consumer.SeekToBeginning(partition);
        var random = node.Random.Stream("seeks");
        for (var poll = 0; ; poll++)
        {
            var operation = history.BeginPoll(name);
            var records = await consumer.Poll(TimeSpan.FromMilliseconds(500));
            var firstRead = history.Reads.Count;
            foreach (var record in records) Note(record, poll);
            history.EndPoll(operation, firstRead);
            if (random.Chance(SeekProbability)) SeekSomewhere(consumer, random.Pick(assigned), random);
        }
    });

    private void SeekSomewhere(Consumer consumer, TopicPartition partition, RandomStream random)
    {
        _positions[partition.Partition]++;
        if (random.Chance(0.5)) consumer.SeekToBeginning(partition);
        else consumer.SeekToEnd(partition);
    }

    private void Note(ConsumerRecord record, int poll)
    {
        var partition = record.TopicPartition.Partition;
        history.AddRead(new ReadOperation(name, _names[partition], _positions[partition], poll, record.Offset, Encoding.UTF8.GetString(record.Value!.Value.Span)));
    }
}
