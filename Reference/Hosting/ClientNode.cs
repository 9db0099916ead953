using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Simulator.Host;
using Simulator.Platform;

namespace Reference.Hosting;

/// <summary>The loop behind a client façade: work goes in from any thread, its end comes back as an ordinary task.</summary>
internal sealed class ClientNode<TClient>
    where TClient : class
{
    private readonly HostNode _node;
    private readonly TClient _client;
    private int _disposed;

    private ClientNode(HostNode node, TClient client)
    {
        _node = node;
        _client = client;
    }

    public static async Task<ClientNode<TClient>> Start(string name, Func<Node, TClient> make, ILoggerFactory logs)
    {
        // A client keeps no files: any directory that exists will do.
        var node = new HostNode(name, Path.GetTempPath(), logs);
        try
        {
            return new ClientNode<TClient>(node, await node.InvokeAsync(n => LoopTask.FromResult(make(n))));
        }
        catch
        {
            await node.StopAsync();
            throw;
        }
    }

    public Task<T> Invoke<T>(Func<TClient, LoopTask<T>> work) => _node.InvokeAsync(_ => work(_client));

    public Task Run(Func<TClient, LoopTask> work) => _node.RunAsync(_ => work(_client));

    public Task Run(Action<TClient> work) => _node.RunAsync(_ =>
    {
        work(_client);
        return LoopTask.Completed;
    });

    /// <summary>Closes the client by <paramref name="close"/> and ends the loop; only the first call does anything.</summary>
    public async ValueTask Stop(Func<TClient, LoopTask> close)
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await Run(close);
        await _node.StopAsync();
    }
}
