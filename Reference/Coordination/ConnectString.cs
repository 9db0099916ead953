using System;
using System.Collections.Generic;
using System.Globalization;
using Simulator.Platform;

namespace Reference.Coordination;

/// <summary>ZooKeeper's connect string taken apart.</summary>
/// <param name="Servers">Where to dial, in the given order.</param>
/// <param name="Chroot">The path in front of all the client's paths; empty for none.</param>
public sealed record ConnectString(IReadOnlyList<Endpoint> Servers, string Chroot)
{
    /// <summary>The port of a host named without one.</summary>
    public const int DefaultPort = 2181;

    /// <summary>Reads "host:port,[ipv6]:port,host/chroot".</summary>
    /// <exception cref="FormatException">No server, a bad port or a bad path; the message names it.</exception>
    public static ConnectString Parse(string text)
    {
        var slash = text.IndexOf('/');
        var chroot = slash < 0 ? "" : text[slash..];
        if (chroot is ZnodePath.Root) chroot = "";
        if (chroot.Length > 0 && !ZnodePath.IsValid(chroot)) throw new FormatException($"'{chroot}' in the connect string '{text}' is no znode path.");

        var servers = new List<Endpoint>();
        foreach (var server in (slash < 0 ? text : text[..slash]).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            servers.Add(ParseServer(server, text));
        }

        if (servers.Count == 0) throw new FormatException($"The connect string '{text}' names no server; write host:port,host:port/path.");
        return new ConnectString(servers, chroot);
    }

    /// <summary>The server's path of a client's path.</summary>
    public string ToServer(string path) => Chroot.Length == 0 ? path : path == ZnodePath.Root ? Chroot : Chroot + path;

    /// <summary>The client's path of a server's path.</summary>
    public string ToClient(string path) => Chroot.Length == 0 ? path : path.Length == Chroot.Length ? ZnodePath.Root : path[Chroot.Length..];

    private static Endpoint ParseServer(string server, string text)
    {
        var bracket = server.IndexOf(']');
        var colon = server.LastIndexOf(':');
        if (colon <= bracket) return new Endpoint(server.Trim('[', ']'), DefaultPort);
        var host = server[..colon].Trim('[', ']');
        if (host.Length == 0 || !int.TryParse(server.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            throw new FormatException($"'{server}' in the connect string '{text}' is no host:port with a port from 1 to 65535.");
        }

        return new Endpoint(host, port);
    }
}
