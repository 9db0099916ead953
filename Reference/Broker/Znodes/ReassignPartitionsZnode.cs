using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Reference.Broker.Znodes;

/// <summary>A wish for other replicas of a partition, as tools write it into /admin/reassign_partitions.</summary>
/// <param name="Partition">Which partition.</param>
/// <param name="Replicas">Broker ids wished for, preferred leader first; not checked.</param>
public sealed record ReassignmentWish(TopicPartition Partition, IReadOnlyList<int> Replicas);

/// <summary>The wishes for reassignments; each leaves the list when it is done or refused.</summary>
public static class ReassignPartitionsZnode
{
    /// <summary>Kafka's JSON.</summary>
    public static byte[] Encode(IReadOnlyList<ReassignmentWish> wishes) => ZnodeJson.Write(w =>
    {
        w.WriteNumber("version", 1);
        w.WriteStartArray("partitions");
        foreach (var wish in wishes)
        {
            w.WriteStartObject();
            w.WriteString("topic", wish.Partition.Topic);
            w.WriteNumber("partition", wish.Partition.Partition);
            ZnodeJson.WriteInts(w, "replicas", wish.Replicas);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    });

    /// <summary>Reads Kafka's JSON.</summary>
    /// <exception cref="MalformedZnodeException">It is not such JSON.</exception>
    public static IReadOnlyList<ReassignmentWish> Decode(ReadOnlyMemory<byte> data) => ZnodeJson.Read(KafkaPaths.ReassignPartitions, data, ReadWishes);

    private static IReadOnlyList<ReassignmentWish> ReadWishes(JsonElement e)
    {
        var result = new List<ReassignmentWish>();
        foreach (var item in ZnodeJson.Field(e, "partitions").EnumerateArray())
        {
            var partition = new TopicPartition(ZnodeJson.Text(item, "topic"), ZnodeJson.Int(item, "partition"));
            result.Add(new ReassignmentWish(partition, ZnodeJson.Ints(ZnodeJson.Field(item, "replicas"))));
        }

        return result;
    }
}
