using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Simulator.Host;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Contracts;

/// <summary>Two nodes over this machine's sockets and files.</summary>
internal sealed class HostContractWorld : IContractWorld
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("contract-");
    private readonly HostWorld _world;
    private readonly HostNode _a;
    private readonly HostNode _b;

    public HostContractWorld()
    {
        _world = new HostWorld(_root.FullName, NullLoggerFactory.Instance);
        _a = _world.AddNode("a");
        _b = _world.AddNode("b");
    }

    public string HostOfB => "127.0.0.1";

    public void Run(Func<Node, LoopTask> a, Func<Node, LoopTask> b)
    {
        Task[] sides = [_a.RunAsync(a), _b.RunAsync(b)];
        var failed = sides.Select(async side => { await side; await Task.Delay(-1); });
        var first = Task.WhenAny([Task.WhenAll(sides), .. failed]);
        Assert.True(first.Wait(s_limit), "The programs did not end in time.");
        first.Result.GetAwaiter().GetResult();
        Assert.False(_a.Failure.IsCompleted, _a.Failure.IsCompleted ? _a.Failure.Result.ToString() : null);
        Assert.False(_b.Failure.IsCompleted, _b.Failure.IsCompleted ? _b.Failure.Result.ToString() : null);
    }

    /// <summary>Linux answers no one whose connection finds the backlog full: fills one that nobody accepts from.</summary>
    public async LoopTask<Endpoint> SilentEndpoint(Node b)
    {
        var listener = await b.Network.Listen(new Endpoint(HostOfB, 0), backlog: 1);
        while (true)
        {
            try
            {
                await b.Network.Connect(listener.Local, TimeSpan.FromMilliseconds(200));
            }
            catch (NetworkException e) when (e.Error == NetworkError.TimedOut)
            {
                return listener.Local;
            }
        }
    }

    public void Dispose()
    {
        Assert.True(_world.StopAsync().Wait(s_limit), "The world did not stop in time.");
        _root.Delete(recursive: true);
    }
}
