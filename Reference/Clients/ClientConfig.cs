using System;
using System.Collections.Generic;
using System.Globalization;
using Reference.Rpc.Configuration;
using Simulator.Platform;

namespace Reference.Clients;

/// <summary>The options that every client has, with Kafka's names and defaults.</summary>
public static class ClientConfig
{
    public static readonly ConfigOption<IReadOnlyList<Endpoint>> BootstrapServers = ConfigOption.ListOf<Endpoint>(
        "bootstrap.servers", "list of host:port", [], "Brokers to ask first for the cluster's metadata.", static text => ParseEndpoint(text));

    public static readonly ConfigOption<string> ClientId = ConfigOption.Text("client.id", "reference-client", "The name that requests carry.");

    public static readonly ConfigOption<TimeSpan> RequestTimeout = ConfigOption.Milliseconds(
        "request.timeout.ms", 30_000, "How long a request may wait for its answer.", minMs: 1);

    public static readonly ConfigOption<TimeSpan> RetryBackoff = ConfigOption.Milliseconds(
        "retry.backoff.ms", 100, "How long to wait before a failed request is tried again, and between metadata requests.");

    public static readonly ConfigOption<TimeSpan> ReconnectBackoff = ConfigOption.Milliseconds(
        "reconnect.backoff.ms", 50, "How long to wait before the first reconnection; doubles with each failure.");

    public static readonly ConfigOption<TimeSpan> ReconnectBackoffMax = ConfigOption.Milliseconds(
        "reconnect.backoff.max.ms", 1_000, "The longest wait before a reconnection.");

    public static readonly ConfigOption<TimeSpan> ConnectTimeout = ConfigOption.Milliseconds(
        "socket.connection.setup.timeout.ms", 10_000, "How long dialling a broker may take.", minMs: 1);

    public static readonly ConfigOption<TimeSpan> MetadataMaxAge = ConfigOption.Milliseconds(
        "metadata.max.age.ms", 300_000, "Metadata is asked for again after this time even if nothing has failed.", minMs: 1);

    /// <summary>All of them.</summary>
    internal static ConfigOption[] All =>
        [BootstrapServers, ClientId, RequestTimeout, RetryBackoff, ReconnectBackoff, ReconnectBackoffMax, ConnectTimeout, MetadataMaxAge];

    /// <summary>Reads host:port, with an IPv6 address in brackets; null if it is none.</summary>
    public static Endpoint? ParseEndpoint(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return null;
        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1];
        return port is > 0 and < 65536 && host.Length > 0 ? new Endpoint(host, port) : null;
    }
}
