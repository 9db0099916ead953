using System;
using Simulator.Engine;
using Simulator.Platform;

namespace tools.Benchmarks.Engine;

/// <summary>The toy cluster as async programs over the engine's network and disk: 32 clients' requests of 16 bytes in flight.</summary>
internal static class EngineToy
{
    private const int MessageBytes = 16;
    private const int Requests = 32;
    private const int WritesPerSync = 64;

    public static long Run(ulong seed, int events)
    {
        var world = new SimWorld(seed);
        foreach (var follower in (string[])["follower-1", "follower-2"]) world.AddMachine(follower).Start(node => Serve(node, _ => LoopTask.Completed));
        world.AddMachine("leader").Start(Lead);
        world.AddMachine("client").Start(async node =>
        {
            await node.Clock.Delay(TimeSpan.FromMilliseconds(20));
            for (var i = 0; i < Requests; i++) node.Spawn(Ask(node));
            await new LoopPromise<Nothing>().Task; // a process lives as long as its program
        });
        return world.StepUntil(events);
    }

    private static async LoopTask Lead(Node node)
    {
        await node.Clock.Delay(TimeSpan.FromMilliseconds(5));
        await Serve(node, async request =>
        {
            var first = await node.Network.Connect(new Endpoint("follower-1", 1), TimeSpan.FromSeconds(1));
            var second = await node.Network.Connect(new Endpoint("follower-2", 1), TimeSpan.FromSeconds(1));
            request.Copy = async message =>
            {
                await first.Write(message);
                await second.Write(message);
                await ReadMessage(first, message);
                await ReadMessage(second, message);
            };
        });
    }

    // One task per connection: read a message, write it to the log, let others have it, answer.
    private static async LoopTask Serve(Node node, Func<Service, LoopTask> prepare)
    {
        var log = await node.Disk.Open("log", OpenMode.OpenOrCreate);
        var listener = await node.Network.Listen(new Endpoint(node.Name, 1));
        while (true)
        {
            var connection = await listener.Accept();
            var service = new Service();
            await prepare(service);
            node.Spawn(Answer(connection, log, service));
        }
    }

    private static async LoopTask Answer(IConnection connection, IFile log, Service service)
    {
        var message = new byte[MessageBytes];
        for (var written = 1; await ReadMessage(connection, message); written++)
        {
            await log.Write(0, message);
            if (written % WritesPerSync == 0) await log.Sync();
            if (service.Copy is { } copy) await copy(message);
            await connection.Write(message);
        }
    }

    private static async LoopTask Ask(Node node)
    {
        var connection = await node.Network.Connect(new Endpoint("leader", 1), TimeSpan.FromSeconds(1));
        var message = new byte[MessageBytes];
        do
        {
            await connection.Write(message);
        }
        while (await ReadMessage(connection, message));
    }

    private static async LoopTask<bool> ReadMessage(IConnection connection, byte[] message)
    {
        var total = 0;
        while (total < message.Length)
        {
            var count = await connection.Read(message.AsMemory(total));
            if (count == 0) return false;
            total += count;
        }

        return true;
    }

    private sealed class Service
    {
        public Func<byte[], LoopTask>? Copy { get; set; }
    }
}
