using System;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Reference.Coordination;
using Simulator.Host;
using Simulator.Platform;
using Tests.Support;

namespace Tests.Reference.Coordination.Integration;

/// <summary>An embedded server over real sockets and files, and a node for clients beside it.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private readonly TempDirectory _directory = new("coordination-");
    private readonly HostWorld _world;
    private readonly HostNode _serverNode;
    private readonly HostNode _clientNode;

    private EmbeddedServer()
    {
        _world = new HostWorld(_directory.Path, NullLoggerFactory.Instance);
        _serverNode = _world.AddNode("server");
        _clientNode = _world.AddNode("client");
    }

    public int Port { get; private set; }

    public static async Task<EmbeddedServer> Start(int snapshotEvery = 1000)
    {
        var embedded = new EmbeddedServer();
        embedded.Port = await embedded._serverNode.InvokeAsync(async node =>
        {
            var server = new CoordinationServer(node, new CoordinationServerOptions(new Endpoint("127.0.0.1", 0), "store") { SnapshotEvery = snapshotEvery });
            await server.Start();
            return server.Local.Port;
        });
        return embedded;
    }

    /// <summary>Runs a program on the clients' node.</summary>
    public Task Run(Func<Node, LoopTask> program) => RunOn(_clientNode, program);

    public static async Task RunOn(HostNode node, Func<Node, LoopTask> program)
    {
        var run = node.RunAsync(program);
        if (await Task.WhenAny(run, node.Failure, Task.Delay(TimeSpan.FromSeconds(60))) != run)
        {
            throw new TimeoutException(node.Failure.IsCompleted ? (await node.Failure).ToString() : "The program did not end in time.");
        }

        await run;
    }

    public async ValueTask DisposeAsync()
    {
        await _world.StopAsync();
        _directory.Dispose();
    }
}
