using System;
using System.Collections.Generic;
using Reference.Rpc.Configuration;
using Simulator.Platform;

namespace Reference.Clients;

/// <summary>What producers, consumers and admins have in common. Each property documents itself by its option in <see cref="ClientConfig"/>.</summary>
public record ClientOptions
{
    /// <summary>Where to begin: <c>bootstrap.servers</c>. At least one is required.</summary>
    public IReadOnlyList<Endpoint> BootstrapServers { get; init; } = ClientConfig.BootstrapServers.Default;

    /// <summary><c>client.id</c>.</summary>
    public string ClientId { get; init; } = ClientConfig.ClientId.Default;

    /// <summary><c>request.timeout.ms</c>.</summary>
    public TimeSpan RequestTimeout { get; init; } = ClientConfig.RequestTimeout.Default;

    /// <summary><c>retry.backoff.ms</c>.</summary>
    public TimeSpan RetryBackoff { get; init; } = ClientConfig.RetryBackoff.Default;

    /// <summary><c>reconnect.backoff.ms</c>.</summary>
    public TimeSpan ReconnectBackoff { get; init; } = ClientConfig.ReconnectBackoff.Default;

    /// <summary><c>reconnect.backoff.max.ms</c>.</summary>
    public TimeSpan ReconnectBackoffMax { get; init; } = ClientConfig.ReconnectBackoffMax.Default;

    /// <summary><c>socket.connection.setup.timeout.ms</c>.</summary>
    public TimeSpan ConnectTimeout { get; init; } = ClientConfig.ConnectTimeout.Default;

    /// <summary><c>metadata.max.age.ms</c>.</summary>
    public TimeSpan MetadataMaxAge { get; init; } = ClientConfig.MetadataMaxAge.Default;

    /// <summary>Requests in flight on one connection; only the producer lets it be chosen.</summary>
    public virtual int InFlightPerConnection => 100;

    /// <summary>Whether asking for a topic's metadata may create it.</summary>
    public virtual bool MayCreateTopics => false;

    /// <summary>Checks what one option alone cannot tell.</summary>
    /// <exception cref="ConfigException">No bootstrap server, or options that contradict each other.</exception>
    public virtual void Validate()
    {
        if (BootstrapServers.Count == 0)
            throw new ConfigException(ClientConfig.BootstrapServers.Name, "The option bootstrap.servers is required: name at least one broker as host:port.");
        ClientConfig.RequestTimeout.Check(RequestTimeout);
        ClientConfig.RetryBackoff.Check(RetryBackoff);
        ClientConfig.ReconnectBackoff.Check(ReconnectBackoff);
        ClientConfig.MetadataMaxAge.Check(MetadataMaxAge);
        if (ReconnectBackoffMax < ReconnectBackoff)
            throw new ConfigException(ClientConfig.ReconnectBackoffMax.Name, "The option reconnect.backoff.max.ms must not be less than reconnect.backoff.ms.");
    }

    /// <summary>Reads a configuration: the options that every client has, then those of one kind of client, and checks them together.</summary>
    /// <param name="definition">All options of that kind of client.</param>
    /// <param name="configuration">Values by Kafka's names.</param>
    /// <param name="withOwn">Sets its own options.</param>
    /// <exception cref="ConfigException">Unknown option, bad value, or a contradiction.</exception>
    protected static T Parse<T>(ConfigDefinition definition, IEnumerable<KeyValuePair<string, string>> configuration, Func<T, ConfigValues, T> withOwn)
        where T : ClientOptions, new()
    {
        var values = definition.Parse(configuration);
        var options = withOwn(WithCommon(new T(), values), values);
        options.Validate();
        return options;
    }

    private static T WithCommon<T>(T options, ConfigValues values)
        where T : ClientOptions => options with
        {
            BootstrapServers = values.Get(ClientConfig.BootstrapServers),
            ClientId = values.Get(ClientConfig.ClientId),
            RequestTimeout = values.Get(ClientConfig.RequestTimeout),
            RetryBackoff = values.Get(ClientConfig.RetryBackoff),
            ReconnectBackoff = values.Get(ClientConfig.ReconnectBackoff),
            ReconnectBackoffMax = values.Get(ClientConfig.ReconnectBackoffMax),
            ConnectTimeout = values.Get(ClientConfig.ConnectTimeout),
            MetadataMaxAge = values.Get(ClientConfig.MetadataMaxAge),
        };
}
