using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Simulator.Platform;
using Simulator.Platform.Services;
using Xunit;

namespace Tests.Simulator.Platform.Services;

/// <summary>What a service in plain BCL style is promised, in either world.</summary>
public sealed class NodeContextTests
{
    public static TheoryData<string> Worlds => ServiceWorlds.Names;

    [Theory]
    [MemberData(nameof(Worlds))]
    public Task Lines_travel_through_stream_readers_and_writers(string world) => ServiceWorlds.Run(world, async node =>
    {
        using var listener = await node.Network.ListenAsync(new Endpoint("127.0.0.1", 0));
        var echo = EchoOneAsync(listener);
        using var stream = await node.Network.ConnectAsync(listener.Local);
        await using var writer = new StreamWriter(stream) { AutoFlush = true };
        using var reader = new StreamReader(stream);
        await writer.WriteLineAsync("first");
        Assert.Equal("FIRST", await reader.ReadLineAsync());
        await writer.WriteLineAsync(new string('a', 20_000));
        Assert.Equal(new string('A', 20_000), await reader.ReadLineAsync());
        stream.FinishWriting();
        Assert.Null(await reader.ReadLineAsync());
        await echo;
    });

    [Theory]
    [MemberData(nameof(Worlds))]
    public Task An_HttpClient_talks_to_a_server_on_the_same_network(string world) => ServiceWorlds.Run(world, async node =>
    {
        var port = await FreePortAsync(node);
        _ = node.ServeHttpAsync(new Endpoint("127.0.0.1", port), async request =>
        {
            var body = await request.Content!.ReadAsStringAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(5), node.Time);
            var response = new HttpResponseMessage(HttpStatusCode.Accepted) { Content = new StringContent($"{request.Method} {request.RequestUri!.PathAndQuery} {body}") };
            response.Headers.Add("X-Seen", request.Headers.GetValues("X-Sent"));
            return response;
        });
        using var client = node.NewHttpClient();
        client.DefaultRequestHeaders.Add("X-Sent", "hello");
        using var response = await client.PostAsync($"http://127.0.0.1:{port}/a/b?c=d", new StringContent("büdy"));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("POST /a/b?c=d büdy", await response.Content.ReadAsStringAsync());
        Assert.Equal("hello", response.Headers.GetValues("X-Seen").Single());
    });

    [Theory]
    [MemberData(nameof(Worlds))]
    public Task An_HttpClient_gives_up_by_the_nodes_clock_and_fails_where_nobody_listens(string world) => ServiceWorlds.Run(world, async node =>
    {
        using var silent = await node.Network.ListenAsync(new Endpoint("127.0.0.1", 0));
        using var client = node.NewHttpClient(TimeSpan.FromMilliseconds(200));
        var timeout = await Assert.ThrowsAsync<TaskCanceledException>(() => client.GetAsync($"http://{silent.Local}/"));
        Assert.IsType<TimeoutException>(timeout.InnerException);
        var port = await FreePortAsync(node);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync($"http://127.0.0.1:{port}/"));
    });

    [Theory]
    [MemberData(nameof(Worlds))]
    public Task Chunked_requests_are_understood_and_nonsense_is_answered_with_400(string world) => ServiceWorlds.Run(world, async node =>
    {
        var port = await FreePortAsync(node);
        _ = node.ServeHttpAsync(new Endpoint("127.0.0.1", port), async request =>
            new HttpResponseMessage { Content = new StringContent(await request.Content!.ReadAsStringAsync()) });
        Assert.Contains("\r\n\r\nhello world", await ExchangeAsync(node, port, "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 400 ", await ExchangeAsync(node, port, "what is this\r\n\r\n"));
    });

    [Theory]
    [MemberData(nameof(Worlds))]
    public Task Cancelling_a_pending_read_drops_the_connection(string world) => ServiceWorlds.Run(world, async node =>
    {
        using var listener = await node.Network.ListenAsync(new Endpoint("127.0.0.1", 0));
        using var stream = await node.Network.ConnectAsync(listener.Local);
        using var peer = await listener.AcceptAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50), node.Time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.ReadExactlyAsync(new byte[10], patience.Token));
        await Assert.ThrowsAsync<IOException>(async () => await peer.ReadExactlyAsync(new byte[10]));
    });

    [Theory]
    [MemberData(nameof(Worlds))]
    public Task Files_are_written_read_renamed_and_missed_in_the_style_of_the_BCL(string world) => ServiceWorlds.Run(world, async node =>
    {
        await node.Disk.CreateDirectoryAsync("data");
        using (var file = await node.Disk.OpenAsync("data/a"))
        {
            await file.WriteAsync(0, "hello"u8.ToArray());
            await file.SyncAsync();
            var buffer = new byte[10];
            Assert.Equal(3, await file.ReadAsync(2, buffer));
            Assert.Equal("llo", Encoding.UTF8.GetString(buffer, 0, 3));
        }

        await node.Disk.RenameAsync("data/a", "data/b");
        await node.Disk.WriteAtomicallyAsync("data/c", "c"u8.ToArray());
        Assert.Equal(["b", "c"], await node.Disk.ListAsync("data"));
        Assert.Equal("hello"u8.ToArray(), await node.Disk.ReadAllBytesAsync("data/b"));
        await Assert.ThrowsAsync<FileNotFoundException>(() => node.Disk.ReadAllBytesAsync("data/a"));
    });

    [Theory]
    [MemberData(nameof(Worlds))]
    public Task The_usual_parts_of_the_BCL_stay_on_the_loop(string world) => ServiceWorlds.Run(world, async node =>
    {
        var loop = Loop.Current;
        var channel = System.Threading.Channels.Channel.CreateBounded<int>(1);
        var gate = new SemaphoreSlim(0);
        var promise = new TaskCompletionSource<int>();
        var consumer = Consume();
        for (var i = 0; i < 3; i++) await channel.Writer.WriteAsync(i);
        gate.Release();
        promise.SetResult(4);
        Assert.Equal(7, await consumer);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2), node.Time);
        Assert.True(await timer.WaitForNextTickAsync());
        Assert.Same(loop, Loop.Current);

        async Task<int> Consume()
        {
            var sum = 0;
            for (var i = 0; i < 3; i++) sum += await channel.Reader.ReadAsync();
            await gate.WaitAsync();
            var results = await Task.WhenAll(promise.Task, Later(node));
            Assert.Same(loop, Loop.Current);
            return sum + results.Sum();
        }

        static async Task<int> Later(NodeContext node)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(3), node.Time).ConfigureAwait(false);
            return Loop.CurrentOrNull is null ? throw new InvalidOperationException("off the loop") : 0;
        }
    });

    private static async Task EchoOneAsync(NodeListener listener)
    {
        using var stream = await listener.AcceptAsync();
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { AutoFlush = true };
        while (await reader.ReadLineAsync() is { } line) await writer.WriteLineAsync(line.ToUpperInvariant());
    }

    private static async Task<int> FreePortAsync(NodeContext node)
    {
        using var probe = await node.Network.ListenAsync(new Endpoint("127.0.0.1", 0));
        return probe.Local.Port;
    }

    private static async Task<string> ExchangeAsync(NodeContext node, int port, string request)
    {
        using var stream = await node.Network.ConnectAsync(new Endpoint("127.0.0.1", port));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        return await new StreamReader(stream).ReadToEndAsync();
    }
}
