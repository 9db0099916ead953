using System;
using Reference.Coordination;
using Reference.Coordination.Tree;
using Scenarios.Observation;
using Simulator.Engine;
using Simulator.Platform;

namespace Scenarios.Cluster;

/// <summary>The machine on which the coordination store runs.</summary>
public sealed class CoordinationMachine : IObservedStore
{
    /// <summary>The port of the store.</summary>
    public const int Port = 2181;

    private readonly ProcessState<CoordinationServer> _server;
    private readonly Supervisor _supervisor;

    /// <summary>Adds the machine to the world.</summary>
    public CoordinationMachine(SimWorld world)
    {
        Machine = world.AddMachine("coordination");
        Machine.Exited = OnExited;
        _supervisor = new Supervisor(Machine);
        _server = new ProcessState<CoordinationServer>(Machine);
    }

    /// <inheritdoc/>
    public SimMachine Machine { get; }

    /// <inheritdoc/>
    public ZnodeTree? Tree => _server.Running?.Tree;

    /// <inheritdoc/>
    public long DurableZxid => _server.Running?.DurableZxid ?? -1;

    /// <summary>Starts the store.</summary>
    public void Start() => _supervisor.Start(async node =>
    {
        var server = new CoordinationServer(node, new CoordinationServerOptions(new Endpoint(Machine.Name, Port), "coordination") { Tick = TimeSpan.FromSeconds(1), SnapshotEvery = 200 });
        _server.Set(server);
        await server.Start();
        await server.Stopped;
    });

    // Only a disk that failed may end the store.
    private void OnExited(SimMachine machine, Exception? error)
    {
        if (error is StoreHaltedException or DiskException && _supervisor.DiskFailed) _supervisor.RestartLater();
        else machine.World.Report(new SimFailure("no-unhandled-exception", $"{machine.Name} ended: {error?.ToString() ?? "nobody asked it to"}", error));
    }
}
