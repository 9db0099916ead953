using System;
using System.Runtime.ExceptionServices;
using Reference.Coordination;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Coordination;

/// <summary>An embedded server on a machine of a simulated world, and machines for clients.</summary>
internal sealed class SimCluster
{
    public const string Directory = "store";

    public SimCluster(ulong seed, int snapshotEvery = 1000)
    {
        World = new SimWorld(seed);
        Server = World.AddMachine("server");
        Options = new CoordinationServerOptions(new Endpoint("server", 2181), Directory)
        {
            SnapshotEvery = snapshotEvery,
            Tick = TimeSpan.FromSeconds(1),
        };
        Server.Start(async node =>
        {
            Running = new CoordinationServer(node, Options);
            await Running.Start();
            await new LoopPromise<Nothing>().Task;
        });
    }

    public SimWorld World { get; }

    public SimMachine Server { get; }

    public CoordinationServerOptions Options { get; }

    /// <summary>The server's present incarnation.</summary>
    public CoordinationServer Running { get; private set; } = null!;

    public static CoordinationClientOptions ClientOptions { get; } = new("server:2181") { SessionTimeout = TimeSpan.FromSeconds(3), StartTimeout = TimeSpan.FromSeconds(60) };

    /// <summary>Starts a client's program on a machine of its own; the machine is known by its name.</summary>
    public SimMachine Client(string name, Func<Node, LoopTask> program)
    {
        var machine = World.AddMachine(name);
        machine.Start(program);
        return machine;
    }

    public void RunUntil(Func<bool> condition, double seconds)
    {
        var held = World.RunUntil(condition, TimeSpan.FromSeconds(seconds));
        Rethrow();
        Assert.True(held, $"The condition did not come to hold within {seconds} s.");
    }

    public void RunFor(double seconds)
    {
        World.RunFor(TimeSpan.FromSeconds(seconds));
        Rethrow();
    }

    /// <summary>Cuts both directions between a client and the server.</summary>
    public void Partition(SimMachine client)
    {
        World.Network.Block(client, Server);
        World.Network.Block(Server, client);
    }

    public void Heal() => World.Network.HealAll();

    private void Rethrow()
    {
        if (World.Failure is { } failure) ExceptionDispatchInfo.Throw(failure.Exception ?? new InvalidOperationException($"{failure.Property}: {failure.Message}"));
    }
}
