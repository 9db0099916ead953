using System;
using Simulator.Platform;

namespace Simulator.Engine.Network;

/// <summary>The network as one process sees it.</summary>
internal sealed class ProcessNetwork(SimProcess process) : INetwork
{
    private const int FirstFreePort = 20_000;

    public LoopTask<IListener> Listen(Endpoint endpoint, int backlog = 128)
    {
        var port = endpoint.Port;
        if (port == 0)
        {
            port = FirstFreePort;
            while (process.Listeners.ContainsKey(port)) port++;
        }

        if (process.Listeners.ContainsKey(port))
        {
            return Failed<IListener>(NetworkError.AddressInUse, $"Port {port} is in use on {process.Machine.Name}; choose another one or stop who listens there.");
        }

        var listener = new SimListener(process, new Endpoint(process.Machine.Name, port), backlog);
        process.Listeners.Add(port, listener);
        return LoopTask.FromResult<IListener>(listener);
    }

    public LoopTask<IConnection> Connect(Endpoint remote, TimeSpan timeout)
    {
        var world = process.Machine.World;
        var target = remote.Host is "localhost" or "127.0.0.1" ? process.Machine : world.FindMachine(remote.Host);
        if (target is null) return Failed<IConnection>(NetworkError.HostUnknown, $"No host is named '{remote.Host}'.");
        var dial = new DialOperation(process, target, remote);
        process.Machine.Clock.Arm(dial, timeout);
        dial.Begin();
        return dial.Task;
    }

    private static async LoopTask<T> Failed<T>(NetworkError error, string message)
    {
        await LoopTask.Completed;
        throw new NetworkException(error, message);
    }
}
