using System;
using Reference.Coordination;
using Reference.Coordination.Tree;
using Simulator.Engine;
using Simulator.Platform;

namespace Scenarios.Cluster;

/// <summary>The machine on which the coordination store runs.</summary>
public sealed class CoordinationMachine(SimWorld world)
{
    /// <summary>The port of the store.</summary>
    public const int Port = 2181;

    private CoordinationServer? _server;

    /// <summary>The machine.</summary>
    public SimMachine Machine { get; } = world.AddMachine("coordination");

    /// <summary>The store's znodes as its running server has them, perhaps ahead of its disk; or null.</summary>
    public ZnodeTree? Tree => Machine.IsUp ? _server?.Tree : null;

    /// <summary>The last transaction that a power loss could not take back.</summary>
    public long DurableZxid => Machine.IsUp ? _server?.DurableZxid ?? -1 : -1;

    /// <summary>Starts the store.</summary>
    public void Start() => Machine.Start(async node =>
    {
        var server = new CoordinationServer(node, new CoordinationServerOptions(new Endpoint(Machine.Name, Port), "coordination") { Tick = TimeSpan.FromSeconds(1), SnapshotEvery = 200 });
        _server = server;
        await server.Start();
        await new LoopPromise<Nothing>().Task;
    });
}
