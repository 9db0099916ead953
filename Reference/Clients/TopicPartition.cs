using System;

namespace Reference.Clients;

/// <summary>A partition of a topic.</summary>
/// <param name="Topic">Topic name.</param>
/// <param name="Partition">Partition number from 0.</param>
public readonly record struct TopicPartition(string Topic, int Partition) : IComparable<TopicPartition>
{
    /// <summary>By topic (ordinal), then by number.</summary>
    public int CompareTo(TopicPartition other)
    {
        var byTopic = string.CompareOrdinal(Topic, other.Topic);
        return byTopic != 0 ? byTopic : Partition.CompareTo(other.Partition);
    }

    /// <summary>FNV-1a: string hashes differ between processes.</summary>
    public override int GetHashCode()
    {
        var hash = 2166136261u;
        foreach (var c in Topic) hash = unchecked((hash ^ c) * 16777619u);
        return unchecked((int)((hash ^ (uint)Partition) * 16777619u));
    }

    /// <summary>"topic-partition", as Kafka writes it.</summary>
    public override string ToString() => $"{Topic}-{Partition}";
}
