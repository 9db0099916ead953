using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Reference.Broker.Znodes;

/// <summary>A list of partitions in Kafka's JSON: which ISRs have changed, or which preferred leaders are to be elected.</summary>
public static class PartitionListZnode
{
    /// <summary>Kafka's JSON.</summary>
    public static byte[] Encode(IReadOnlyList<TopicPartition> partitions) => ZnodeJson.Write(w =>
    {
        w.WriteNumber("version", 1);
        w.WriteStartArray("partitions");
        foreach (var partition in partitions)
        {
            w.WriteStartObject();
            w.WriteString("topic", partition.Topic);
            w.WriteNumber("partition", partition.Partition);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    });

    /// <summary>Reads Kafka's JSON.</summary>
    /// <exception cref="MalformedZnodeException">It is not such JSON.</exception>
    public static IReadOnlyList<TopicPartition> Decode(string path, ReadOnlyMemory<byte> data) => ZnodeJson.Read(path, data, ReadPartitions);

    private static IReadOnlyList<TopicPartition> ReadPartitions(JsonElement e)
    {
        var result = new List<TopicPartition>();
        foreach (var item in ZnodeJson.Field(e, "partitions").EnumerateArray())
        {
            result.Add(new TopicPartition(ZnodeJson.Text(item, "topic"), ZnodeJson.Int(item, "partition")));
        }

        return result;
    }
}
