using System;
using System.Runtime.ExceptionServices;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Rpc;

/// <summary>A server and a client machine in a simulated world.</summary>
internal sealed class TwoMachines
{
    public const int Port = 9000;

    public TwoMachines(ulong seed = 1)
    {
        World = new SimWorld(seed);
        Server = World.AddMachine("server");
        Client = World.AddMachine("client");
    }

    public static Endpoint Address => new("server", Port);

    public SimWorld World { get; }

    public SimMachine Server { get; }

    public SimMachine Client { get; }

    /// <summary>Runs the server's program, then the client's to its end; throws what either failed with.</summary>
    public void Run(Func<Node, LoopTask> server, Func<Node, LoopTask> client, double limitSeconds = 120)
    {
        var ended = false;
        Server.Start(async node =>
        {
            await server(node);
            await new LoopPromise<Nothing>().Task;
        });
        Client.Start(async node =>
        {
            await node.Clock.Delay(TimeSpan.FromMilliseconds(20));
            await client(node);
            ended = true;
        });
        var inTime = World.RunUntil(() => ended, TimeSpan.FromSeconds(limitSeconds));
        if (World.Failure is { } failure) ExceptionDispatchInfo.Throw(failure.Exception ?? new InvalidOperationException(failure.Message));
        Assert.True(inTime, "The client's program did not end in time.");
    }

    /// <summary>Awaits an exception of a type.</summary>
    public static async LoopTask<TException> Fails<TException>(LoopTask task) where TException : Exception
    {
        try
        {
            await task;
        }
        catch (TException e)
        {
            return e;
        }

        throw new Xunit.Sdk.XunitException($"Expected {typeof(TException).Name}, but nothing was thrown.");
    }
}
