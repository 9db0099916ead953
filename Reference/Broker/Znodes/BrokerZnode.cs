using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;

namespace Reference.Broker.Znodes;

/// <summary>Where a broker listens under the name of a listener, and how it secures the connection.</summary>
/// <param name="Listener">Name, such as PLAINTEXT.</param>
/// <param name="Host">Advertised host.</param>
/// <param name="Port">Advertised port.</param>
/// <param name="SecurityProtocol">PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.</param>
public sealed record BrokerEndpoint(string Listener, string Host, int Port, string SecurityProtocol = "PLAINTEXT");

/// <summary>A broker's registration, version 4 of Kafka's JSON (versions 1 to 4 are read).</summary>
public sealed record BrokerZnode(int Id, IReadOnlyList<BrokerEndpoint> Endpoints, long TimestampMillis, string? Rack = null, int JmxPort = -1)
{
    private const int MostPort = 65_535;

    // A host name has at most 253 characters; what is much longer could not be told to other brokers and clients.
    private const int MostCharacters = 1000;

    /// <summary>The endpoint of a listener, or null.</summary>
    public BrokerEndpoint? EndpointOf(string listener)
    {
        foreach (var endpoint in Endpoints)
        {
            if (endpoint.Listener == listener) return endpoint;
        }

        return null;
    }

    /// <summary>Kafka's JSON. The fields "host" and "port" repeat the first plaintext endpoint for old clients.</summary>
    public byte[] Encode() => ZnodeJson.Write(w =>
    {
        var plain = FirstPlaintext();
        w.WriteStartObject("listener_security_protocol_map");
        foreach (var endpoint in Endpoints) w.WriteString(endpoint.Listener, endpoint.SecurityProtocol);
        w.WriteEndObject();
        w.WriteStartArray("endpoints");
        foreach (var endpoint in Endpoints) w.WriteStringValue(Text(endpoint));
        w.WriteEndArray();
        if (Rack is not null) w.WriteString("rack", Rack);
        w.WriteNumber("jmx_port", JmxPort);
        if (plain is null) w.WriteNull("host");
        else w.WriteString("host", plain.Host);
        w.WriteString("timestamp", TimestampMillis.ToString(CultureInfo.InvariantCulture));
        w.WriteNumber("port", plain?.Port ?? -1);
        w.WriteNumber("version", 4);
    });

    /// <summary>Reads Kafka's JSON.</summary>
    /// <exception cref="MalformedZnodeException">It is not such JSON.</exception>
    public static BrokerZnode Decode(int id, ReadOnlyMemory<byte> data) => ZnodeJson.Read(KafkaPaths.Broker(id), data, e => new BrokerZnode(
        id,
        ReadEndpoints(e),
        e.TryGetProperty("timestamp", out _) ? ZnodeJson.Number(e, "timestamp") : 0,
        e.TryGetProperty("rack", out var rack) ? Checked(rack.GetString(), "rack") : null,
        e.TryGetProperty("jmx_port", out var jmx) ? jmx.GetInt32() : -1));

    private static List<BrokerEndpoint> ReadEndpoints(JsonElement e)
    {
        var result = new List<BrokerEndpoint>();
        if (!e.TryGetProperty("endpoints", out var endpoints))
        {
            result.Add(new BrokerEndpoint("PLAINTEXT", Checked(ZnodeJson.Text(e, "host"), "host")!, Checked(ZnodeJson.Int(e, "port"))));
            return result;
        }

        foreach (var item in endpoints.EnumerateArray())
        {
            var (listener, host, port) = Parse(Checked(item.GetString(), "endpoint") ?? throw new FormatException("an endpoint is null."));
            var protocol = e.TryGetProperty("listener_security_protocol_map", out var map) && map.TryGetProperty(listener, out var named)
                ? named.GetString()
                : listener;
            result.Add(new BrokerEndpoint(listener, host, port, protocol ?? listener));
        }

        return result;
    }

    private static (string Listener, string Host, int Port) Parse(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var colon = text.LastIndexOf(':');
        if (scheme <= 0 || colon < scheme + 3
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new FormatException($"\"{text}\" is not an endpoint.");
        }

        return (text[..scheme], text[(scheme + 3)..colon].Trim('[', ']'), Checked(port));
    }

    private static int Checked(int port) => port is >= 0 and <= MostPort ? port : throw new FormatException($"{port} is not a port.");

    private static string? Checked(string? text, string what) =>
        text is { Length: > MostCharacters } ? throw new FormatException($"the {what} has {text.Length} characters, more than {MostCharacters}.") : text;

    private static string Text(BrokerEndpoint endpoint)
    {
        var host = endpoint.Host.Contains(':') ? $"[{endpoint.Host}]" : endpoint.Host;
        return string.Create(CultureInfo.InvariantCulture, $"{endpoint.Listener}://{host}:{endpoint.Port}");
    }

    private BrokerEndpoint? FirstPlaintext()
    {
        foreach (var endpoint in Endpoints)
        {
            if (endpoint.SecurityProtocol == "PLAINTEXT") return endpoint;
        }

        return null;
    }
}
