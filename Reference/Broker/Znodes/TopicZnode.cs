using System;
using System.Collections.Generic;

namespace Reference.Broker.Znodes;

/// <summary>
/// A topic's assignment: per partition the broker ids of its replicas, preferred leader first. Version 2 of Kafka's JSON with
/// the replicas that a reassignment adds and removes (KIP-455); version 1 is read.
/// </summary>
public sealed record TopicZnode(SortedDictionary<int, IReadOnlyList<int>> Partitions)
{
    /// <summary>
    /// The most bytes that an assignment may take. A request to the store must stay below ZooKeeper's jute.maxbuffer, a mebibyte; what is
    /// written beside the assignment needs some of it. The store drops the connection of whoever writes more.
    /// </summary>
    public const int MaxBytes = 1_000_000;

    // What a partition takes at the least: "0":[1] and a comma.
    private const int LeastBytesOfPartition = 8;

    /// <summary>Replicas being added, by partition.</summary>
    public SortedDictionary<int, IReadOnlyList<int>> AddingReplicas { get; init; } = [];

    /// <summary>Replicas being removed, by partition.</summary>
    public SortedDictionary<int, IReadOnlyList<int>> RemovingReplicas { get; init; } = [];

    /// <summary>Why so many partitions cannot be written down, as one sentence, whatever their replicas; null if they may fit.</summary>
    public static string? SizeProblem(int partitions) => partitions <= MaxBytes / LeastBytesOfPartition
        ? null
        : $"The assignment of {partitions} partitions needs more than the {MaxBytes} bytes that the coordination store takes for a topic.";

    /// <summary>Why this assignment cannot be written down, as one sentence, or null.</summary>
    public string? SizeProblem() => Encode().Length is var bytes && bytes <= MaxBytes
        ? null
        : $"The assignment of {Partitions.Count} partitions needs {bytes} bytes, more than the {MaxBytes} that the coordination store takes for a topic.";

    /// <summary>The same with other replicas of one partition.</summary>
    public TopicZnode With(int partition, IReadOnlyList<int> replicas, IReadOnlyList<int> adding, IReadOnlyList<int> removing) =>
        new(Replaced(Partitions, partition, replicas))
        {
            AddingReplicas = Replaced(AddingReplicas, partition, adding),
            RemovingReplicas = Replaced(RemovingReplicas, partition, removing),
        };

    private static SortedDictionary<int, IReadOnlyList<int>> Replaced(SortedDictionary<int, IReadOnlyList<int>> all, int partition, IReadOnlyList<int> replicas)
    {
        var result = new SortedDictionary<int, IReadOnlyList<int>>(all);
        if (replicas.Count > 0) result[partition] = replicas;
        else result.Remove(partition);
        return result;
    }

    /// <summary>Kafka's JSON.</summary>
    public byte[] Encode() => ZnodeJson.Write(w =>
    {
        w.WriteNumber("version", 2);
        ZnodeJson.WriteIntsByNumber(w, "partitions", Partitions);
        ZnodeJson.WriteIntsByNumber(w, "adding_replicas", AddingReplicas);
        ZnodeJson.WriteIntsByNumber(w, "removing_replicas", RemovingReplicas);
    });

    /// <summary>Reads Kafka's JSON.</summary>
    /// <exception cref="MalformedZnodeException">It is not such JSON.</exception>
    public static TopicZnode Decode(string topic, ReadOnlyMemory<byte> data) => ZnodeJson.Read(
        KafkaPaths.Topic(topic),
        data,
        e => new TopicZnode(ZnodeJson.IntsByNumber(e, "partitions", required: true))
        {
            AddingReplicas = ZnodeJson.IntsByNumber(e, "adding_replicas", required: false),
            RemovingReplicas = ZnodeJson.IntsByNumber(e, "removing_replicas", required: false),
        });
}
