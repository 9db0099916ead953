using System;
using System.Globalization;
using Simulator.Platform;

namespace Reference.Broker.Configuration;

/// <summary>Reads endpoints as they stand in options.</summary>
public static class EndpointText
{
    private const string Plaintext = "PLAINTEXT://";

    /// <summary>No endpoint; its text is empty.</summary>
    public static Endpoint None { get; } = new(string.Empty, 0);

    /// <summary>"PLAINTEXT://host:port"; empty for <see cref="None"/>.</summary>
    public static string Print(Endpoint endpoint) => endpoint == None ? string.Empty : $"{Plaintext}{endpoint}";

    /// <summary>"PLAINTEXT://host:port", the host optional; null if it is something else.</summary>
    public static Endpoint? Listener(string text, string defaultHost)
    {
        if (!text.StartsWith(Plaintext, StringComparison.OrdinalIgnoreCase) || text.Contains(',')) return null;
        var address = text[Plaintext.Length..];
        return address.StartsWith(':') ? HostPort(defaultHost + address) : HostPort(address);
    }

    /// <summary>"host:port" with an IPv6 host in brackets; null if it is something else.</summary>
    public static Endpoint? HostPort(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65_535) return null;
        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1];
        else if (host.Contains(':')) return null;
        return host.Length == 0 ? null : new Endpoint(host, port);
    }
}
