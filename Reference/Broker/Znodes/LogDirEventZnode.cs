using System;

namespace Reference.Broker.Znodes;

/// <summary>Tells the controller that a log directory of a broker has failed, so that it asks which replicas are left.</summary>
public static class LogDirEventZnode
{
    /// <summary>The one event there is.</summary>
    private const int LogDirFailure = 1;

    /// <summary>Kafka's JSON.</summary>
    public static byte[] Encode(int brokerId) => ZnodeJson.Write(w =>
    {
        w.WriteNumber("version", 1);
        w.WriteNumber("broker", brokerId);
        w.WriteNumber("event", LogDirFailure);
    });

    /// <summary>Reads Kafka's JSON: the broker's id.</summary>
    /// <exception cref="MalformedZnodeException">It is not such JSON.</exception>
    public static int Decode(string path, ReadOnlyMemory<byte> data) => ZnodeJson.Read(path, data, static e => ZnodeJson.Int(e, "broker"));
}
