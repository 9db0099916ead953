using System;
using System.Net.Http;
using System.Threading;
using Microsoft.Extensions.Logging;

namespace Simulator.Platform.Services;

/// <summary>
/// What an ordinary async .NET service sees of its node: time, network, disk, log and randomness in the style of the BCL, over
/// whatever world the node stands in. Its code uses <c>async Task</c>, <c>Channel</c>, <c>Task.Delay(…, Time)</c>,
/// <c>TaskCompletionSource</c>, <c>SemaphoreSlim.WaitAsync()</c> and streams as usual, and never the thread pool, BCL timers, sockets
/// or files themselves.
/// </summary>
/// <param name="node">The node; the context is to be used on its loop only.</param>
/// <param name="stopping">Asks the service to end in order.</param>
public sealed class NodeContext(Node node, CancellationToken stopping = default)
{
    private static readonly TimeSpan s_httpTimeout = TimeSpan.FromSeconds(100);

    /// <summary>The node's name, in the simulator also its host name.</summary>
    public string Name => node.Name;

    /// <summary>The node's clock: give it to <c>Task.Delay</c>, <c>CancellationTokenSource</c>, <c>PeriodicTimer</c>.</summary>
    public TimeProvider Time { get; } = new ClockTimeProvider(node);

    /// <summary>Streams to and from other nodes.</summary>
    public NodeNetwork Network { get; } = new(node);

    /// <summary>The node's disk.</summary>
    public NodeDisk Disk { get; } = new(node.Disk);

    /// <summary>The service's log; in the simulator it goes into the trace.</summary>
    public ILogger Log { get; } = node.Logs.CreateLogger(node.Name);

    /// <summary>Makes loggers by category.</summary>
    public ILoggerFactory Logs => node.Logs;

    /// <summary>Cancelled when the service is asked to end in order. A crash cancels nothing: it abandons.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>The stream of random draws of that name: in the simulator it follows from the seed.</summary>
    public RandomStream Random(string purpose) => node.Random.Stream(purpose);

    /// <summary>May the environment do the rare but permitted thing named <paramref name="point"/> now? Always false in the real world.</summary>
    public bool Buggify(string point) => node.Buggify(point);

    /// <summary>An <see cref="HttpClient"/> over this node's network and clock.</summary>
    /// <param name="timeout">Of a whole request; 100 seconds if not given. (The client's own <c>Timeout</c> would count real time.)</param>
    public HttpClient NewHttpClient(TimeSpan? timeout = null) =>
        new(new NodeHttpHandler(this) { Timeout = timeout ?? s_httpTimeout }) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
}
