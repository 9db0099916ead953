using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Simulator.Host;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Host;

/// <summary>What the real world has beyond the contract: threads, ordinary tasks, failures, addresses of the machine.</summary>
public sealed class HostNodeTests : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("host-");
    private readonly HostNode _node;

    public HostNodeTests() => _node = new HostNode("n", Path.Combine(_root.FullName, "data"), NullLoggerFactory.Instance);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _node.StopAsync();
        _root.Delete(recursive: true);
    }

    [Fact]
    public async Task Ordinary_tasks_go_into_the_loop_and_come_back_on_the_pool()
    {
        var inside = await _node.InvokeAsync(async node =>
        {
            await node.Clock.Delay(TimeSpan.FromMilliseconds(1));
            return (Environment.CurrentManagedThreadId, Loop.Current.Name);
        });
        Assert.Equal("n", inside.Name);
        Assert.NotEqual(inside.CurrentManagedThreadId, Environment.CurrentManagedThreadId);
        Assert.Null(Loop.CurrentOrNull);
    }

    [Fact]
    public async Task Exceptions_come_back_too_and_are_no_failure_of_the_node()
    {
        var error = await Assert.ThrowsAsync<FormatException>(() => _node.RunAsync(async node =>
        {
            await node.Clock.Delay(TimeSpan.FromMilliseconds(1));
            throw new FormatException("inside");
        }));
        Assert.Equal("inside", error.Message);
        await Assert.ThrowsAsync<FormatException>(() => _node.RunAsync(_ => throw new FormatException("at once")));
        Assert.False(_node.Failure.IsCompleted);
    }

    [Fact]
    public async Task Whoever_reads_or_writes_much_of_a_file_leaves_turns_to_others()
    {
        await _node.RunAsync(async node =>
        {
            var turns = 0;
            Count();
            var file = await node.Disk.Open("large", OpenMode.CreateNew);
            for (var i = 0; i < 512; i++) await file.Write(i * 8192, new byte[8192]);
            Assert.InRange(turns, 16, int.MaxValue); // 4 MiB
            var before = turns;
            for (var i = 0; i < 512; i++) Assert.Equal(8192, await file.Read(i * 8192, new byte[8192]));
            Assert.InRange(turns - before, 16, int.MaxValue);

            void Count() => node.Clock.Schedule(TimeSpan.Zero, () =>
            {
                turns++;
                Count();
            });
        });
    }

    [Fact]
    public async Task What_nobody_awaits_surfaces_as_failure_and_the_loop_goes_on()
    {
        await _node.RunAsync(node =>
        {
            node.Spawn(Fail(node));
            return LoopTask.Completed;
        });
        Assert.Equal("unheard", (await _node.Failure.WaitAsync(TimeSpan.FromSeconds(20))).Message);
        Assert.Equal(5, await _node.InvokeAsync(_ => LoopTask.FromResult(5)));

        static async LoopTask Fail(Node node)
        {
            await node.Clock.Delay(TimeSpan.FromMilliseconds(1));
            throw new FormatException("unheard");
        }
    }

    [Fact]
    public async Task Stopping_abandons_what_waits_and_refuses_what_comes()
    {
        var waiting = _node.RunAsync(node => node.Clock.Delay(TimeSpan.FromHours(1)));
        await _node.StopAsync();
        var error = await Assert.ThrowsAsync<LoopStoppedException>(() => waiting);
        Assert.Contains("loop of n", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LoopStoppedException>(() => _node.RunAsync(_ => LoopTask.Completed));
        Assert.True(_node.Completion.IsCompletedSuccessfully);
        await _node.StopAsync();
    }

    [Fact]
    public async Task Stopping_closes_connections_and_listeners()
    {
        var listener = await _node.InvokeAsync(node => node.Network.Listen(new Endpoint("127.0.0.1", 0)));
        await using var other = new HostNode("other", Path.Combine(_root.FullName, "other"), NullLoggerFactory.Instance);
        var connection = await other.InvokeAsync(node => node.Network.Connect(listener.Local, TimeSpan.FromSeconds(20)));
        await _node.RunAsync(_ => listener.Accept().AsVoid());
        await _node.StopAsync();
        Assert.Equal(0, await other.InvokeAsync(_ => connection.Read(new byte[1])));
        await Assert.ThrowsAsync<NetworkException>(() => other.InvokeAsync(node => node.Network.Connect(listener.Local, TimeSpan.FromSeconds(20))));
    }

    [Fact]
    public async Task Events_posted_by_many_threads_all_arrive_each_threads_in_order()
    {
        var loop = new HostLoop("inbox", NullLoggerFactory.Instance);
        var seen = new List<(int Thread, int Number)>();
        var posting = Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                var number = i;
                loop.Post(() => seen.Add((thread, number)));
            }
        }));
        await Task.WhenAll(posting);
        await loop.StopAsync(); // after what has been posted
        Assert.Equal(20_000, seen.Count);
        foreach (var thread in seen.GroupBy(s => s.Thread)) Assert.Equal(Enumerable.Range(0, 5000), thread.Select(s => s.Number));
    }

    [Fact]
    public async Task A_loop_of_busy_connections_still_serves_others()
    {
        var rounds = 0;
        var quiet = _node.RunAsync(async node =>
        {
            for (; rounds < 50; rounds++) await node.Clock.Delay(TimeSpan.FromMicroseconds(100));
        });
        await _node.RunAsync(async node =>
        {
            var listener = await node.Network.Listen(new Endpoint("127.0.0.1", 0));
            var accepting = listener.Accept();
            var sender = await node.Network.Connect(listener.Local, TimeSpan.FromSeconds(20));
            var receiver = await accepting;
            var stop = false;
            node.Spawn(Send());
            var buffer = new byte[16];
            while (rounds < 50) await receiver.Read(buffer);
            stop = true;

            async LoopTask Send()
            {
                while (!stop) await sender.Write(new byte[4096]);
            }
        }).WaitAsync(TimeSpan.FromSeconds(30));
        await quiet;
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("::1")]
    [InlineData("0.0.0.0")]
    public async Task Addresses_and_names_of_either_family_work(string host)
    {
        await _node.RunAsync(async node =>
        {
            var listener = await node.Network.Listen(new Endpoint(host, 0));
            var dialed = await node.Network.Connect(new Endpoint(host == "0.0.0.0" ? "localhost" : host, listener.Local.Port), TimeSpan.FromSeconds(20));
            var accepted = await listener.Accept();
            Assert.Equal(dialed.Local, accepted.Remote);
        });
    }

    [Fact]
    public async Task A_foreign_address_and_a_taken_port_name_the_remedy()
    {
        await _node.RunAsync(async node =>
        {
            var foreign = await Fails(node, new Endpoint("192.0.2.1", 0));
            Assert.Equal(NetworkError.AddressNotAvailable, foreign.Error);
            var taken = (await node.Network.Listen(new Endpoint("127.0.0.1", 0))).Local;
            var message = (await Fails(node, taken)).Message;
            Assert.Contains($"Port {taken.Port.ToString(CultureInfo.InvariantCulture)} on 127.0.0.1 is in use", message, StringComparison.Ordinal);
            Assert.Contains("choose another port", message, StringComparison.Ordinal);
        });

        static async LoopTask<NetworkException> Fails(Node node, Endpoint endpoint)
        {
            try
            {
                await node.Network.Listen(endpoint);
            }
            catch (NetworkException e)
            {
                return e;
            }

            throw new InvalidOperationException("It listens.");
        }
    }

    [Fact]
    public void A_data_directory_that_cannot_be_is_named()
    {
        var file = Path.Combine(_root.FullName, "file");
        File.WriteAllText(file, "x");
        var error = Assert.Throws<DiskException>(() => new HostNode("x", Path.Combine(file, "data"), NullLoggerFactory.Instance));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relative_paths_stand_under_the_data_directory_and_absolute_ones_for_themselves()
    {
        var elsewhere = Path.Combine(_root.FullName, "elsewhere");
        await _node.RunAsync(async node =>
        {
            (await node.Disk.Open("inside", OpenMode.CreateNew)).Close();
            (await node.Disk.Open(elsewhere, OpenMode.CreateNew)).Close();
        });
        Assert.True(File.Exists(Path.Combine(_root.FullName, "data", "inside")));
        Assert.True(File.Exists(elsewhere));
    }

    [Fact]
    public async Task A_directory_is_no_file()
    {
        await _node.RunAsync(async node =>
        {
            await node.Disk.CreateDirectory("d");
            try
            {
                await node.Disk.Open("d", OpenMode.OpenOrCreate);
                Assert.Fail("A directory was opened as a file.");
            }
            catch (DiskException e)
            {
                Assert.Contains("d", e.Message, StringComparison.Ordinal);
            }
        });
    }
}
