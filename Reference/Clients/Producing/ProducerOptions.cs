using System;
using System.Collections.Generic;
using Reference.Rpc.Configuration;
using Reference.Wire;

namespace Reference.Clients.Producing;

/// <summary>How a producer behaves. Each property documents itself by its option in <see cref="ProducerConfig"/>.</summary>
public sealed record ProducerOptions : ClientOptions
{
    /// <summary><c>acks</c>: 0, 1, or -1 for all.</summary>
    public short Acks { get; init; } = ProducerConfig.Acks.Default;

    /// <summary><c>batch.size</c>.</summary>
    public int BatchSize { get; init; } = ProducerConfig.BatchSize.Default;

    /// <summary><c>linger.ms</c>.</summary>
    public TimeSpan Linger { get; init; } = ProducerConfig.Linger.Default;

    /// <summary><c>buffer.memory</c>.</summary>
    public long BufferMemory { get; init; } = ProducerConfig.BufferMemory.Default;

    /// <summary><c>max.block.ms</c>.</summary>
    public TimeSpan MaxBlock { get; init; } = ProducerConfig.MaxBlock.Default;

    /// <summary><c>max.request.size</c>.</summary>
    public int MaxRequestSize { get; init; } = ProducerConfig.MaxRequestSize.Default;

    /// <summary><c>retries</c>.</summary>
    public int Retries { get; init; } = ProducerConfig.Retries.Default;

    /// <summary><c>delivery.timeout.ms</c>.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = ProducerConfig.DeliveryTimeout.Default;

    /// <summary><c>max.in.flight.requests.per.connection</c>.</summary>
    public int MaxInFlight { get; init; } = ProducerConfig.MaxInFlight.Default;

    /// <summary><c>compression.type</c>.</summary>
    public CompressionType Compression { get; init; } = ProducerConfig.Compression.Default;

    /// <inheritdoc/>
    public override int InFlightPerConnection => MaxInFlight;

    /// <inheritdoc/>
    public override bool MayCreateTopics => true;

    /// <summary>Reads a configuration of Kafka's names.</summary>
    /// <exception cref="ConfigException">Unknown option, bad value, or a contradiction.</exception>
    public static ProducerOptions Parse(IEnumerable<KeyValuePair<string, string>> configuration) =>
        Parse<ProducerOptions>(ProducerConfig.Definition, configuration, static (options, values) => options with
        {
            Acks = values.Get(ProducerConfig.Acks),
            BatchSize = values.Get(ProducerConfig.BatchSize),
            Linger = values.Get(ProducerConfig.Linger),
            BufferMemory = values.Get(ProducerConfig.BufferMemory),
            MaxBlock = values.Get(ProducerConfig.MaxBlock),
            MaxRequestSize = values.Get(ProducerConfig.MaxRequestSize),
            Retries = values.Get(ProducerConfig.Retries),
            DeliveryTimeout = values.Get(ProducerConfig.DeliveryTimeout),
            MaxInFlight = values.Get(ProducerConfig.MaxInFlight),
            Compression = values.Get(ProducerConfig.Compression),
        });

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Acks is < -1 or > 1)
            throw new ConfigException(ProducerConfig.Acks.Name, $"The option acks cannot be \"{Acks}\": its type is {ProducerConfig.Acks.Type}.");
        ProducerConfig.BatchSize.Check(BatchSize);
        ProducerConfig.MaxRequestSize.Check(MaxRequestSize);
        ProducerConfig.Retries.Check(Retries);
        ProducerConfig.MaxInFlight.Check(MaxInFlight);
        if (DeliveryTimeout < Linger + RequestTimeout)
            throw new ConfigException(ProducerConfig.DeliveryTimeout.Name, "The option delivery.timeout.ms must not be less than linger.ms + request.timeout.ms.");
    }
}
