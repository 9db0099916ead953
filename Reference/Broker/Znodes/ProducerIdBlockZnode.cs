using System;
using System.Globalization;

namespace Reference.Broker.Znodes;

/// <summary>A block of producer ids that a broker may give out, both ends included.</summary>
public sealed record ProducerIdBlockZnode(int BrokerId, long Start, long End)
{
    /// <summary>Ids in a block.</summary>
    public const long Size = 1000;

    /// <summary>The block after this one, for a broker.</summary>
    /// <exception cref="InvalidOperationException">All ids of 63 bits are spent.</exception>
    public ProducerIdBlockZnode Next(int brokerId) => End <= long.MaxValue - Size
        ? new ProducerIdBlockZnode(brokerId, End + 1, End + Size)
        : throw new InvalidOperationException("All producer ids have been given out.");

    /// <summary>The first block of a cluster, for a broker.</summary>
    public static ProducerIdBlockZnode First(int brokerId) => new(brokerId, 0, Size - 1);

    /// <summary>Kafka's JSON.</summary>
    public byte[] Encode() => ZnodeJson.Write(w =>
    {
        w.WriteNumber("version", 1);
        w.WriteNumber("broker", BrokerId);
        w.WriteString("block_start", Start.ToString(CultureInfo.InvariantCulture));
        w.WriteString("block_end", End.ToString(CultureInfo.InvariantCulture));
    });

    /// <summary>Reads Kafka's JSON.</summary>
    /// <exception cref="MalformedZnodeException">It is not such JSON.</exception>
    public static ProducerIdBlockZnode Decode(ReadOnlyMemory<byte> data) => ZnodeJson.Read(
        KafkaPaths.ProducerIdBlock,
        data,
        e => new ProducerIdBlockZnode(ZnodeJson.Int(e, "broker"), ZnodeJson.Number(e, "block_start"), ZnodeJson.Number(e, "block_end")));
}
