using System;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Simulator.Engine;
using Simulator.Host;
using Simulator.Platform;
using Simulator.Platform.Services;
using Tests.Support;
using Xunit;

namespace Tests.Simulator.Platform.Services;

/// <summary>Runs one service in the simulated world and in the real one: it must find the same in both.</summary>
public static class ServiceWorlds
{
    public static TheoryData<string> Names => ["simulated", "real"];

    /// <summary>Runs a service to its end; what it throws is thrown here.</summary>
    public static async Task Run(string world, Func<NodeContext, Task> main)
    {
        if (world == "simulated") RunSimulated(main);
        else await RunReal(main);
    }

    private static void RunSimulated(Func<NodeContext, Task> main)
    {
        var world = new SimWorld(7);
        Exception? failure = null;
        var ended = false;
        world.AddMachine("localhost").Start(async node =>
        {
            try
            {
                await node.RunService(main);
            }
            catch (Exception e)
            {
                failure = e;
            }

            ended = true;
        });
        Assert.True(world.RunUntil(() => ended, TimeSpan.FromMinutes(5)), world.Failure?.Message ?? "the service did not end");
        if (failure is not null) throw failure;
    }

    private static async Task RunReal(Func<NodeContext, Task> main)
    {
        using var folder = new TempDirectory();
        await using var node = new HostNode("node", folder.Path, NullLoggerFactory.Instance);
        await node.RunAsync(n => n.RunService(main)).WaitAsync(TimeSpan.FromSeconds(60));
    }
}
