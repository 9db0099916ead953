using System;

namespace Reference.Broker.Znodes;

/// <summary>The id of the cluster: 16 random bytes as 22 characters of URL-safe base64.</summary>
public static class ClusterIdZnode
{
    /// <summary>Kafka's JSON.</summary>
    public static byte[] Encode(string clusterId) => ZnodeJson.Write(w =>
    {
        w.WriteString("version", "1");
        w.WriteString("id", clusterId);
    });

    /// <summary>Reads Kafka's JSON.</summary>
    /// <exception cref="MalformedZnodeException">It is not such JSON.</exception>
    public static string Decode(ReadOnlyMemory<byte> data) => ZnodeJson.Read(KafkaPaths.ClusterId, data, e => ZnodeJson.Text(e, "id"));
}
