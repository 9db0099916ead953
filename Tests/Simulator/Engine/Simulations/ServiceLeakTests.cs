using System;
using System.IO;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Simulator.Engine.Exploration;
using Simulator.Engine.Simulations;
using Simulator.Platform;
using Simulator.Platform.Services;
using Xunit;

namespace Tests.Simulator.Engine.Simulations;

/// <summary>What leaves the loop of a service in plain BCL style is found where it happens, and named with its method and file.</summary>
public sealed class ServiceLeakTests
{
    public static TheoryData<string, string> Leaks => new()
    {
        { "Task.Run", "thread pool" },
        { "Task.Delay without a TimeProvider", "timer of the BCL" },
        { "CancelAfter without a TimeProvider", "timer of the BCL" },
        { "Task.Yield without the context", "thread pool" },
        { "ThreadPool.QueueUserWorkItem", "thread pool" },
        { "a socket", "real socket" },
    };

    [Theory]
    [MemberData(nameof(Leaks))]
    public void A_leak_is_named_with_the_method_and_line_that_leaks(string kind, string named)
    {
        var failure = Run(node => LeakAsync(kind, node)).Failure;
        Assert.NotNull(failure);
        Assert.Equal("no-leak", failure.Property);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{nameof(ServiceLeakTests)}.{nameof(LeakAsync)} in ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ServiceLeakTests.cs:line ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_BCLs_own_http_handler_leaks_even_over_a_simulated_stream()
    {
        var failure = Run(async node =>
        {
            _ = node.ServeHttpAsync(new Endpoint("service", 80), _ => Task.FromResult(new HttpResponseMessage()));
            var handler = new SocketsHttpHandler { ConnectCallback = async (context, token) => await node.Network.ConnectAsync(new Endpoint("service", 80), null, token) };
            using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
            await client.GetAsync("http://service/");
        }).Failure;
        Assert.Equal("no-leak", failure?.Property);
    }

    [Fact]
    public void A_service_that_keeps_to_its_node_is_not_accused()
    {
        var result = Run(async node =>
        {
            _ = node.ServeHttpAsync(new Endpoint("service", 80), async request => new HttpResponseMessage { Content = new StringContent(await request.Content!.ReadAsStringAsync()) });
            using var client = node.NewHttpClient(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 5; i++)
            {
                using var response = await client.PutAsync("http://service/", new StringContent("hello"));
                Assert.Equal("hello", await response.Content.ReadAsStringAsync());
                await Task.Delay(TimeSpan.FromMilliseconds(10), node.Time).ConfigureAwait(false);
            }
        });
        Assert.Null(result.Failure);
    }

    private static SeedResult Run(Func<NodeContext, Task> main)
    {
        var seconds = TimeSpan.FromSeconds(2);
        return SeedRunner.Run(new SimulationScenario("leaky", "one node that does what it should not", simulation =>
        {
            simulation.Phases = new Phases(seconds, seconds, seconds * 2, seconds);
            simulation.AddNode("service", main);
        }), 1);
    }

    private static async Task LeakAsync(string kind, NodeContext node)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(10), node.Time);
        switch (kind)
        {
            case "Task.Run":
                await Task.Run(() => { });
                break;
            case "Task.Delay without a TimeProvider":
                await Task.Delay(1);
                break;
            case "CancelAfter without a TimeProvider":
                new CancellationTokenSource().CancelAfter(1000);
                break;
            case "Task.Yield without the context":
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                break;
            case "ThreadPool.QueueUserWorkItem":
                ThreadPool.QueueUserWorkItem(_ => { });
                break;
            default:
                using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
                {
                    try
                    {
                        socket.Connect("127.0.0.1", 1);
                    }
                    catch (SocketException)
                    {
                        throw new IOException("nobody there");
                    }
                }

                break;
        }
    }
}
