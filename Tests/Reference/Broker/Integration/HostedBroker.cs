using System;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Reference.Broker.Configuration;
using Reference.Broker.Server;
using Reference.Coordination;
using Simulator.Host;
using Simulator.Platform;
using Tests.Support;

namespace Tests.Reference.Broker.Integration;

/// <summary>A coordination server and one broker over real sockets and files.</summary>
internal sealed class HostedBroker : IAsyncDisposable
{
    private readonly TempDirectory _directory = new("broker-");
    private HostWorld? _world;
    private HostNode? _node;
    private BrokerServer? _server;

    /// <summary>host:port for kcat.</summary>
    public string Bootstrap { get; private set; } = string.Empty;

    /// <summary>Starts both on the data of before, if there is any.</summary>
    public async Task Start()
    {
        _world = new HostWorld(_directory.Path, NullLoggerFactory.Instance);
        var store = await _world.AddNode("store").InvokeAsync(static async node =>
        {
            var server = new CoordinationServer(node, new CoordinationServerOptions(new Endpoint("127.0.0.1", 0), "store"));
            await server.Start();
            return server.Local;
        });
        var config = new BrokerConfig
        {
            BrokerId = 1,
            LogDir = "logs",
            Listener = new Endpoint("127.0.0.1", 0),
            ZookeeperConnect = store.ToString(),
            ControlledShutdownMaxRetries = 0,
        };
        _node = _world.AddNode("broker");
        await Within(_node.RunAsync(async node =>
        {
            _server = new BrokerServer(node, config);
            await _server.Start();
        }));
        Bootstrap = _server!.Advertised.ToString();
    }

    /// <summary>Stops the broker in order, and everything with it.</summary>
    public async Task Stop()
    {
        await Within(_node!.RunAsync(_ => _server!.Stop()));
        await _world!.StopAsync();
    }

    /// <summary>Runs kcat against the broker.</summary>
    public async Task<string> Kcat(string arguments, string input = "") =>
        (await ExternalProgram.Run("kcat", ["-b", Bootstrap, .. arguments.Split(' ')], input: input)).Expect0().StandardOutput;

    public async ValueTask DisposeAsync()
    {
        if (_world is not null) await _world.StopAsync();
        _directory.Dispose();
    }

    private async Task Within(Task work)
    {
        if (await Task.WhenAny(work, _node!.Failure, Task.Delay(TimeSpan.FromSeconds(60))) == work) await work;
        else throw new TimeoutException(_node.Failure.IsCompleted ? (await _node.Failure).ToString() : "It did not end in time.");
    }
}
