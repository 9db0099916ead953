using System;
using System.Collections.Generic;
using Reference.Clients.Metadata;
using Reference.Wire;
using Simulator.Platform;

namespace Reference.Clients.Producing;

/// <summary>
/// Chooses partitions: the one given; else by murmur2 of the key over all partitions, as Java clients do; else, for null keys, one
/// at random that sticks until its batch is full (KIP-480).
/// </summary>
internal sealed class Partitioner(RandomStream random)
{
    private readonly Dictionary<string, int> _sticky = new(StringComparer.Ordinal);

    public int Choose(ProducerRecord record, TopicMetadata topic)
    {
        if (record.Partition is { } given) return given;
        if (record.Key is { } key) return Murmur2.Partition(key.Span, topic.Partitions.Count);
        return _sticky.TryGetValue(topic.Name, out var stuck) && stuck < topic.Partitions.Count ? stuck : Stick(topic, except: -1);
    }

    /// <summary>The batch of a null-key partition is full: go on with another one.</summary>
    public void BatchCompleted(TopicMetadata topic, int partition)
    {
        if (_sticky.TryGetValue(topic.Name, out var stuck) && stuck == partition) Stick(topic, except: partition);
    }

    private int Stick(TopicMetadata topic, int except)
    {
        var candidates = new List<int>();
        foreach (var partition in topic.Partitions)
        {
            if (partition.Leader >= 0 && partition.Partition != except) candidates.Add(partition.Partition);
        }

        return _sticky[topic.Name] = candidates.Count > 0 ? random.Pick(candidates) : Math.Max(except, 0);
    }
}
