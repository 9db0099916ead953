using System;
using Simulator.Engine;
using Simulator.Platform;

namespace Tests.Reference.Coordination;

/// <summary>A machine through which the store is reached at one more address; what breaks on one side breaks on the other.</summary>
internal sealed class SimRelay
{
    private static readonly TimeSpan s_dialling = TimeSpan.FromSeconds(5);
    private readonly Endpoint _target;

    public SimRelay(SimWorld world, string name, Endpoint target)
    {
        _target = target;
        Address = new Endpoint(name, target.Port);
        Machine = world.AddMachine(name);
        Machine.Start(Run);
    }

    public Endpoint Address { get; }

    public SimMachine Machine { get; }

    /// <summary>Connections taken so far, in all its lives.</summary>
    public int Taken { get; private set; }

    private async LoopTask Run(Node node)
    {
        var listener = await node.Network.Listen(Address);
        while (true)
        {
            var client = await listener.Accept();
            Taken++;
            node.Spawn(Relay(node, client));
        }
    }

    private async LoopTask Relay(Node node, IConnection client)
    {
        try
        {
            var server = await node.Network.Connect(_target, s_dialling);
            node.Spawn(Pump(client, server));
            node.Spawn(Pump(server, client));
        }
        catch (NetworkException)
        {
            client.Reset();
        }
    }

    private static async LoopTask Pump(IConnection from, IConnection to)
    {
        var buffer = new byte[4096];
        try
        {
            while (await from.Read(buffer) is > 0 and var read) await to.Write(buffer.AsMemory(0, read));
            to.Close();
        }
        catch (NetworkException)
        {
            to.Reset();
            from.Reset();
        }
    }
}
