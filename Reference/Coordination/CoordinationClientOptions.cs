using System;

namespace Reference.Coordination;

/// <summary>How a client finds its servers and keeps its session.</summary>
/// <param name="ConnectString">ZooKeeper's form: host:port,host:port with an optional /path that becomes the client's root.</param>
public sealed record CoordinationClientOptions(string ConnectString)
{
    /// <summary>The timeout asked for; the server may grant another.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(18);

    /// <summary>How long <see cref="CoordinationClient.Start"/> waits for the first connection.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(18);

    /// <summary>How long dialling one server and its handshake may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request waits for a connection, and then again for its reply.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>First wait between two attempts to connect.</summary>
    public TimeSpan ReconnectBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest wait between two attempts to connect.</summary>
    public TimeSpan ReconnectBackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest request sent, in bytes: the servers' jute.maxbuffer. A server drops the connection of whoever sends more, and with it
    /// everything else that the session has under way, so a longer one is refused here and fails with BadArguments.
    /// </summary>
    public int MaxRequestBytes { get; init; } = 0xfffff;

    /// <summary>The longest reply accepted, in bytes.</summary>
    public int MaxReplyBytes { get; init; } = 16 * 1024 * 1024;
}
