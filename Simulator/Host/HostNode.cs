using System;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Simulator.Platform;

namespace Simulator.Host;

/// <summary>
/// A node in the real world: a loop thread, sockets, files under a data directory. Ordinary .NET code enters its loop by
/// <see cref="RunAsync"/> and <see cref="InvokeAsync"/>.
/// </summary>
public sealed class HostNode : IAsyncDisposable
{
    private readonly HostLoop _loop;
    private readonly HostNetwork _network;
    private readonly HostDisk _disk;

    /// <summary>Starts the loop of a node.</summary>
    /// <param name="name">For logs and messages.</param>
    /// <param name="dataDirectory">What relative paths of its disk stand under; made if it is not there.</param>
    /// <param name="logs">Where it logs.</param>
    /// <exception cref="DiskException">The data directory can't be made.</exception>
    public HostNode(string name, string dataDirectory, ILoggerFactory logs)
    {
        HostDisk.MakeRoot(dataDirectory);
        _loop = new HostLoop(name, logs);
        var clock = new HostClock(_loop);
        _network = new HostNetwork(_loop, clock);
        _disk = new HostDisk(_loop, dataDirectory);
        Node = new Node(name, _loop.Loop, clock, _network, _disk, new HostRandom(), logs, new NoBuggify());
    }

    /// <summary>What its code sees; to be used only on its loop.</summary>
    public Node Node { get; }

    /// <summary>Ends with the first exception that no task of the node had caught: a server should end with an error then.</summary>
    public Task<Exception> Failure => _loop.Failure;

    /// <summary>Ends when the node has stopped.</summary>
    public Task Completion => _loop.Completion;

    /// <summary>Runs work on the loop; ends when the work has.</summary>
    /// <exception cref="LoopStoppedException">The node stopped before.</exception>
    public Task RunAsync(Func<Node, LoopTask> work) => _loop.RunAsync(() => work(Node));

    /// <summary>Runs work on the loop; ends with its result.</summary>
    /// <exception cref="LoopStoppedException">The node stopped before.</exception>
    public Task<T> InvokeAsync<T>(Func<Node, LoopTask<T>> work) => _loop.InvokeAsync(() => work(Node));

    /// <summary>Closes all sockets and files and ends the loop. What the node's code has to do before (flush, say goodbye) it does by itself first.</summary>
    public async Task StopAsync()
    {
        _loop.Post(() =>
        {
            _network.CloseAll();
            _disk.CloseAll();
        });
        await _loop.StopAsync();
        await _disk.Completion;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();
}
