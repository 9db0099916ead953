using System;
using System.Globalization;
using System.Text;

namespace Reference.Broker.Znodes;

/// <summary>Who is the controller, and since when (milliseconds since 1970).</summary>
public sealed record ControllerZnode(int BrokerId, long TimestampMillis)
{
    /// <summary>Kafka's JSON.</summary>
    public byte[] Encode() => ZnodeJson.Write(w =>
    {
        w.WriteNumber("version", 1);
        w.WriteNumber("brokerid", BrokerId);
        w.WriteString("timestamp", TimestampMillis.ToString(CultureInfo.InvariantCulture));
    });

    /// <summary>Reads Kafka's JSON.</summary>
    /// <exception cref="MalformedZnodeException">It is not such JSON.</exception>
    public static ControllerZnode Decode(ReadOnlyMemory<byte> data) => ZnodeJson.Read(
        KafkaPaths.Controller,
        data,
        e => new ControllerZnode(ZnodeJson.Int(e, "brokerid"), e.TryGetProperty("timestamp", out _) ? ZnodeJson.Number(e, "timestamp") : 0));
}

/// <summary>The epoch of the latest controller, a number in plain text.</summary>
public static class ControllerEpochZnode
{
    /// <summary>The number's digits.</summary>
    public static byte[] Encode(int epoch) => Encoding.UTF8.GetBytes(epoch.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads the number.</summary>
    /// <exception cref="MalformedZnodeException">It is none.</exception>
    public static int Decode(ReadOnlyMemory<byte> data) =>
        int.TryParse(Encoding.UTF8.GetString(data.Span), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? epoch
            : throw new MalformedZnodeException(KafkaPaths.ControllerEpoch, "it is not a number.");
}
