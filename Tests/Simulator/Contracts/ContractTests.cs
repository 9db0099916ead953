using System;
using Simulator.Platform;

namespace Tests.Simulator.Contracts;

/// <summary>Base of the contract suite: the same tests over each world.</summary>
public abstract class ContractTests : IDisposable
{
    /// <summary>Makes the suite for a world.</summary>
    protected ContractTests(IContractWorld world) => World = world;

    /// <summary>The world of this test.</summary>
    protected IContractWorld World { get; }

    /// <summary>A generous time to wait for what must happen.</summary>
    protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public void Dispose()
    {
        World.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Connects a to b and runs a program on either end.</summary>
    protected void Connected(Func<Node, IConnection, LoopTask> dialing, Func<Node, IConnection, LoopTask> accepting)
    {
        var address = new Handover<Endpoint>();
        World.Run(
            async a => await dialing(a, await a.Network.Connect(await address.Take(a), Patience)),
            async b =>
            {
                var listener = await b.Network.Listen(new Endpoint(World.HostOfB, 0));
                address.Put(listener.Local);
                await accepting(b, await listener.Accept());
            });
    }
}
