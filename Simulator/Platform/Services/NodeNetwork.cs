using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;

namespace Simulator.Platform.Services;

/// <summary>The node's network as streams. Failures are <see cref="IOException"/>s with a <see cref="NetworkException"/> inside.</summary>
public sealed class NodeNetwork
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);
    private readonly Node _node;
    private readonly ILogger _log;

    internal NodeNetwork(Node node)
    {
        _node = node;
        _log = node.Logs.CreateLogger(node.Name);
    }

    /// <summary>Dials.</summary>
    /// <param name="remote">Host and port.</param>
    /// <param name="timeout">How long to wait for an answer; 5 seconds if not given.</param>
    /// <param name="cancellation">Gives up waiting, at once; a connection that comes about all the same is dropped.</param>
    /// <exception cref="IOException">Refused, timed out, unreachable, or no such host.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<NodeStream> ConnectAsync(Endpoint remote, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var outcome = new TaskCompletionSource<NodeStream>();
        // By the loop, since in the real world any thread may cancel.
        using var registration = cancellation.UnsafeRegister(_ => _node.Loop.SynchronizationContext.Post(_ => LoopSynchronizationContext.RunWithout(() => outcome.TrySetCanceled(cancellation)), null), null);
        _ = DialAsync(remote, timeout ?? s_connectTimeout, outcome, cancellation);
        return await outcome.Task.ConfigureAwait(false);
    }

    // A dial cannot be taken back: it goes on to its answer or its own timeout.
    private async Task DialAsync(Endpoint remote, TimeSpan timeout, TaskCompletionSource<NodeStream> outcome, CancellationToken cancellation)
    {
        try
        {
            var connection = await BclErrors.Translate(_node.Network.Connect(remote, timeout)).ConfigureAwait(false);
            if (cancellation.IsCancellationRequested || !outcome.TrySetResult(new NodeStream(connection))) connection.Reset();
        }
        catch (Exception e)
        {
            if (!cancellation.IsCancellationRequested) outcome.TrySetException(e);
        }

        if (cancellation.IsCancellationRequested) outcome.TrySetCanceled(cancellation);
    }

    /// <summary>Opens a listening port on all of the node's addresses; port 0 takes any free one.</summary>
    /// <exception cref="IOException">The port is in use.</exception>
    public Task<NodeListener> ListenAsync(int port) => ListenAsync(new Endpoint(string.Empty, port));

    /// <summary>Opens a listening port.</summary>
    /// <exception cref="IOException">The port is in use, or the address is not this node's.</exception>
    public async Task<NodeListener> ListenAsync(Endpoint endpoint) =>
        new(await BclErrors.Translate(_node.Network.Listen(endpoint)).ConfigureAwait(false));

    /// <summary>
    /// Accepts connections for ever, and runs a session for each. A session that ends with an <see cref="IOException"/> or a cancellation
    /// has lost its peer, and its connection is closed; any other exception fails the node.
    /// </summary>
    /// <exception cref="IOException">The port is in use.</exception>
    public async Task ServeAsync(Endpoint endpoint, Func<NodeStream, Task> session)
    {
        var listener = await ListenAsync(endpoint);
        while (true) Run(session, await listener.AcceptAsync());
    }

    // An async void method, so that what it throws is not lost: the loop hears of it.
    private async void Run(Func<NodeStream, Task> session, NodeStream stream)
    {
        try
        {
            await session(stream);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            _log.LogDebug("Session with {Peer} ended: {Message}", stream.Remote, e.Message);
        }

        stream.Dispose();
    }
}

/// <summary>A listening port.</summary>
public sealed class NodeListener : IDisposable
{
    private readonly IListener _listener;

    internal NodeListener(IListener listener) => _listener = listener;

    /// <summary>The address with the port really bound.</summary>
    public Endpoint Local => _listener.Local;

    /// <summary>Waits for the next connection.</summary>
    /// <exception cref="IOException">The listener has been closed.</exception>
    public async Task<NodeStream> AcceptAsync() => new(await BclErrors.Translate(_listener.Accept()).ConfigureAwait(false));

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Close();
}
