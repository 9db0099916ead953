using System;

namespace Reference.Rpc;

/// <summary>How a client connection behaves.</summary>
public sealed record RpcClientOptions
{
    /// <summary>The longest frame accepted from the server, in bytes.</summary>
    public int MaxFrameBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>Requests sent and not yet answered; further ones wait unsent.</summary>
    public int MaxInFlight { get; init; } = 5;

    /// <summary>How long dialling may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How a frame from the server is recognised.</summary>
    public IncomingClassifier Classify { get; init; } = Correlation.Int32AtStart;

    /// <summary>Receives the server's notifications in their order among the replies; the memory is the receiver's own.</summary>
    public Action<ReadOnlyMemory<byte>>? OnNotification { get; init; }

    /// <summary>Called once when the connection has ended, after its requests have failed.</summary>
    public Action<RpcException>? OnClosed { get; init; }
}
