using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Clients;
using Reference.Clients.Consuming;
using Scenarios.History;
using Simulator.Engine;
using Simulator.Platform;

namespace Scenarios.Workload;

/// <summary>A fresh consumer that reads every partition from the beginning to the highest offset known, once the faults are over.</summary>
/// <param name="world">The world.</param>
/// <param name="history">Where it notes what it reads.</param>
/// <param name="options">The consumer's options.</param>
/// <param name="partitions">What it reads.</param>
/// <param name="mayHaveHoles">True if the last record of a partition may be gone: then its position says how far it has come.</param>
/// <param name="mayBeShorter">True if what clients have seen may be lost with the end of a log.</param>
public sealed class FinalReader(
    SimWorld world, ClientHistory history, ConsumerOptions options, IReadOnlyList<TopicPartition> partitions, bool mayHaveHoles, bool mayBeShorter)
{
    private readonly SimMachine _machine = world.AddMachine(ClientHistory.FinalReader);

    /// <summary>True once everything has been read.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Starts reading.</summary>
    public void Start() => _machine.Start(async node =>
    {
        var consumer = new Consumer(node, options);
        var missing = new Dictionary<TopicPartition, long>();
        foreach (var partition in partitions) missing.Add(partition, await HighestOffset(node, consumer, partition));
        consumer.Assign(missing.Keys);
        foreach (var partition in missing.Keys) consumer.SeekToBeginning(partition);
        for (var poll = 0; missing.Count > 0; poll++)
        {
            var operation = history.BeginPoll(ClientHistory.FinalReader);
            var records = await consumer.Poll(TimeSpan.FromMilliseconds(500));
            var firstRead = history.Reads.Count;
            foreach (var record in records)
            {
                var partition = record.TopicPartition;
                history.AddRead(new ReadOperation(ClientHistory.FinalReader, partition.ToString(), 0, poll, record.Offset, RecordText.Of(record), record.LeaderEpoch));
                if (missing.TryGetValue(partition, out var end) && record.Offset + 1 >= end) missing.Remove(partition);
            }

            history.EndPoll(operation, firstRead);
            if (mayHaveHoles) await DropPassed(consumer, missing);
            foreach (var partition in missing.Where(m => m.Value == 0).Select(m => m.Key).ToList()) missing.Remove(partition);
        }

        HasEnded = true;
        await consumer.Close();
    });

    private static async LoopTask DropPassed(Consumer consumer, Dictionary<TopicPartition, long> missing)
    {
        foreach (var (partition, end) in missing.ToList())
        {
            try
            {
                if (await consumer.Position(partition, TimeSpan.FromSeconds(1)) >= end) missing.Remove(partition);
            }
            catch (KafkaException)
            {
                // It has none yet.
            }
        }
    }

    // An end offset just after an election may lag: what clients have seen already is known to be there.
    private async LoopTask<long> HighestOffset(Node node, Consumer consumer, TopicPartition partition)
    {
        var name = partition.ToString();
        var known = history.Sends.Where(s => s.IsPromised && s.Partition == name).Select(s => s.Offset + 1)
            .Concat(history.News.Where(r => r.Partition == name && !history.IsLost(r)).Select(r => r.Offset + 1))
            .DefaultIfEmpty(0).Max();
        while (true)
        {
            try
            {
                var end = await consumer.EndOffset(partition, TimeSpan.FromSeconds(30));
                return mayBeShorter ? end : Math.Max(known, end);
            }
            catch (KafkaException)
            {
                await node.Clock.Delay(TimeSpan.FromSeconds(1));
            }
        }
    }
}
