using System;
using Reference.Rpc.Configuration;
using Reference.Wire;

namespace Reference.Clients.Producing;

/// <summary>The producer's options with Kafka's names and defaults.</summary>
public static class ProducerConfig
{
    public static readonly ConfigOption<short> Acks = ConfigOption.OneOf<short>(
        "acks", -1, "Who must have a record before it is acknowledged: nobody, the leader, all in-sync replicas.", ("all", -1), ("0", 0), ("1", 1), ("-1", -1));

    public static readonly ConfigOption<int> BatchSize = ConfigOption.Int32(
        "batch.size", 16_384, "Bytes of a batch; a larger record gets a batch of its own.", min: 0);

    public static readonly ConfigOption<TimeSpan> Linger = ConfigOption.Milliseconds(
        "linger.ms", 0, "How long a batch waits for more records.");

    public static readonly ConfigOption<long> BufferMemory = ConfigOption.Int64(
        "buffer.memory", 32 * 1024 * 1024, "Bytes of records that may wait to be acknowledged.", min: 0);

    public static readonly ConfigOption<TimeSpan> MaxBlock = ConfigOption.Milliseconds(
        "max.block.ms", 60_000, "How long a send may wait for metadata or buffer memory.");

    public static readonly ConfigOption<int> MaxRequestSize = ConfigOption.Int32(
        "max.request.size", 1024 * 1024, "Bytes of the largest record and of a request.", min: 0);

    public static readonly ConfigOption<int> Retries = ConfigOption.Int32(
        "retries", int.MaxValue, "How often a batch is sent again after a retriable failure.", min: 0);

    public static readonly ConfigOption<TimeSpan> DeliveryTimeout = ConfigOption.Milliseconds(
        "delivery.timeout.ms", 120_000, "From the making of a batch to its acknowledgement or failure.");

    public static readonly ConfigOption<int> MaxInFlight = ConfigOption.Int32(
        "max.in.flight.requests.per.connection", 5, "Unanswered requests per broker; more than 1 may reorder records when a batch is sent again.", min: 1);

    public static readonly ConfigOption<CompressionType> Compression = ConfigOption.OneOf(
        "compression.type",
        CompressionType.None,
        "How batches are compressed.",
        ("none", CompressionType.None),
        ("gzip", CompressionType.Gzip),
        ("snappy", CompressionType.Snappy),
        ("lz4", CompressionType.Lz4),
        ("zstd", CompressionType.Zstd));

    /// <summary>All options of a producer.</summary>
    public static ConfigDefinition Definition { get; } = new(
        "producer",
        [.. ClientConfig.All, Acks, BatchSize, Linger, BufferMemory, MaxBlock, MaxRequestSize, Retries, DeliveryTimeout, MaxInFlight, Compression]);
}
