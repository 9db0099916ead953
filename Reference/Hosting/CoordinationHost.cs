using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Reference.Coordination;
using Simulator.Host;
using Simulator.Platform;

namespace Reference.Hosting;

/// <summary>Where and how an embedded coordination store runs.</summary>
/// <param name="DataDirectory">Where its log and snapshots stand; made if it is not there.</param>
public sealed record CoordinationHostOptions(string DataDirectory)
{
    /// <summary>Names its threads, and itself in logs.</summary>
    public string Name { get; init; } = "coordination";

    /// <summary>The address it listens on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port it listens on; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>The basic unit of time; sessions last from two to twenty of it.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>True if its clients live in this process and died with the last one: their sessions are ended at the start.</summary>
    public bool EndSessionsAtStart { get; init; }

    /// <summary>Where it logs.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;
}

/// <summary>The embedded coordination store over sockets, on a loop thread of its own.</summary>
public sealed class CoordinationHost : IAsyncDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);
    private readonly HostNode _node;
    private readonly CoordinationServer _server;
    private int _stopped;

    private CoordinationHost(HostNode node, CoordinationServer server, Endpoint local)
    {
        _node = node;
        _server = server;
        ConnectString = local.ToString();
        Failure = FirstFailure();
    }

    /// <summary>Host and port really bound: what brokers take as <c>zookeeper.connect</c>.</summary>
    public string ConnectString { get; }

    /// <summary>Ends with the reason if the store cannot go on: its disk has failed, or a bug. Stop it then.</summary>
    public Task<Exception> Failure { get; }

    /// <summary>Recovers the store and serves.</summary>
    /// <exception cref="StoreCorruptException">The data directory is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    /// <exception cref="NetworkException">AddressInUse or AddressNotAvailable.</exception>
    public static async Task<CoordinationHost> StartAsync(CoordinationHostOptions options)
    {
        var node = new HostNode(options.Name, options.DataDirectory, options.Logs);
        try
        {
            var (server, local) = await node.InvokeAsync(n => Serve(n, options));
            return new CoordinationHost(node, server, local);
        }
        catch
        {
            await node.StopAsync();
            throw;
        }
    }

    /// <summary>Stops in order: what was accepted is finished and on disk.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0) return;
        await _node.RunAsync(_ => _server.Stop(s_grace));
        await _node.StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<Exception> FirstFailure() => await await Task.WhenAny(_node.Failure, Halted());

    private async Task<Exception> Halted()
    {
        try
        {
            await _node.RunAsync(_ => _server.Stopped);
        }
        catch (StoreHaltedException e)
        {
            return e;
        }
        catch (LoopStoppedException)
        {
            // Stopped in order.
        }

        return await new TaskCompletionSource<Exception>().Task;
    }

    private static async LoopTask<(CoordinationServer Server, Endpoint Local)> Serve(Node node, CoordinationHostOptions options)
    {
        var directory = Path.Combine(Path.GetFullPath(options.DataDirectory), "store"); // whole, for what is said of it
        var server = new CoordinationServer(node, new CoordinationServerOptions(new Endpoint(options.Host, options.Port), directory) { Tick = options.Tick, EndSessionsAtStart = options.EndSessionsAtStart });
        await server.Start();
        return (server, server.Local);
    }
}
