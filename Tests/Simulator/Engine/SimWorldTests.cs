using System;
using System.Text;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine;

public class SimWorldTests
{
    [Fact]
    public void A_line_sent_by_one_machine_is_echoed_by_another()
    {
        var (reply, _) = RunEcho(seed: 7);
        Assert.Equal("hello", reply);
    }

    [Fact]
    public void The_same_seed_ends_in_the_same_hash_and_another_seed_in_another()
    {
        Assert.Equal(RunEcho(seed: 7).Hash, RunEcho(seed: 7).Hash);
        Assert.NotEqual(RunEcho(seed: 7).Hash, RunEcho(seed: 8).Hash);
    }

    [Fact]
    public void A_process_crash_resets_the_peer_and_keeps_what_was_written()
    {
        var world = new SimWorld(1);
        var (a, b) = (world.AddMachine("a"), world.AddMachine("b"));
        NetworkError? seen = null;
        var resumed = false;
        b.Start(async node =>
        {
            var file = await node.Disk.Open("data", OpenMode.OpenOrCreate);
            await file.Write(0, "kept"u8.ToArray());
            var listener = await node.Network.Listen(new Endpoint("b", 1));
            var connection = await listener.Accept();
            try
            {
                await connection.Read(new byte[10]);
            }
            finally
            {
                resumed = true;
            }
        });
        a.Start(async node =>
        {
            await node.Clock.Delay(TimeSpan.FromMilliseconds(10));
            var connection = await node.Network.Connect(new Endpoint("b", 1), TimeSpan.FromSeconds(1));
            try
            {
                await connection.Read(new byte[10]);
            }
            catch (NetworkException e)
            {
                seen = e.Error;
            }
        });
        world.RunFor(TimeSpan.FromMilliseconds(100));
        b.Crash();
        world.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.Null(world.Failure);
        Assert.Equal(NetworkError.Reset, seen);
        Assert.False(resumed);

        var content = string.Empty;
        b.Start(async node => content = Encoding.UTF8.GetString(await node.Disk.ReadAllBytes("data")));
        world.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.Equal("kept", content);
    }

    [Fact]
    public void A_power_loss_keeps_what_was_synced_and_at_most_a_prefix_of_the_rest()
    {
        var lengths = new System.Collections.Generic.HashSet<int>();
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var world = new SimWorld(seed);
            var machine = world.AddMachine("a");
            machine.Start(async node =>
            {
                var file = await node.Disk.Open("data", OpenMode.OpenOrCreate);
                await file.Write(0, "synced"u8.ToArray());
                await file.Sync();
                await node.Disk.SyncDirectory(".");
                await file.Write(6, "lost?"u8.ToArray());
            });
            world.RunFor(TimeSpan.FromSeconds(1));
            machine.LosePower();
            var content = string.Empty;
            machine.Start(async node => content = Encoding.UTF8.GetString(await node.Disk.ReadAllBytes("data")));
            world.RunFor(TimeSpan.FromSeconds(1));
            Assert.Null(world.Failure);
            Assert.StartsWith("synced", content, StringComparison.Ordinal);
            Assert.StartsWith(content, "syncedlost?", StringComparison.Ordinal);
            lengths.Add(content.Length);
        }

        Assert.Contains(6, lengths);
        Assert.True(lengths.Count > 2, "a power loss should tear at several places");
    }

    [Fact]
    public void A_condition_counts_only_once_it_has_held_for_as_long_as_asked_and_begins_within_the_limit()
    {
        var second = TimeSpan.FromSeconds(1);
        var look = TimeSpan.FromMilliseconds(100);
        Assert.Equal((true, 2.1), Run(w => w.RunUntil(() => HoldsAt(w), second * 10, look)));
        Assert.Equal((true, 7.1), Run(w => w.RunUntil(() => HoldsAt(w), second * 10, look, second * 2)));
        Assert.Equal((true, 7.1), Run(w => w.RunUntil(() => HoldsAt(w), second * 6, look, second * 2)));
        Assert.Equal((false, 4.0), Run(w => w.RunUntil(() => HoldsAt(w), second * 4, look, second * 2)));
        Assert.Equal((false, 1.0), Run(w => w.RunUntil(() => HoldsAt(w), second)));

        static bool HoldsAt(SimWorld world) => world.NowMicros is > 2_000_000 and < 3_000_000 or > 5_000_000;

        static (bool Held, double At) Run(Func<SimWorld, bool> run)
        {
            var world = new SimWorld(1);
            return (run(world), world.NowMicros / 1e6);
        }
    }

    [Fact]
    public void A_partition_holds_bytes_back_and_the_heal_delivers_them_in_order()
    {
        var world = new SimWorld(3);
        var (a, b) = (world.AddMachine("a"), world.AddMachine("b"));
        var received = new StringBuilder();
        b.Start(async node =>
        {
            var listener = await node.Network.Listen(new Endpoint("b", 1));
            var connection = await listener.Accept();
            var buffer = new byte[3];
            while (await connection.Read(buffer) is var count and > 0) received.Append(Encoding.UTF8.GetString(buffer, 0, count));
        });
        a.Start(async node =>
        {
            await node.Clock.Delay(TimeSpan.FromMilliseconds(1));
            var connection = await node.Network.Connect(new Endpoint("b", 1), TimeSpan.FromSeconds(1));
            for (var i = 0; i < 20; i++)
            {
                await connection.Write(Encoding.UTF8.GetBytes($"{i},"));
                await node.Clock.Delay(TimeSpan.FromMilliseconds(10));
            }

            connection.Close();
        });
        world.RunFor(TimeSpan.FromMilliseconds(55));
        world.Network.Block(a, b);
        world.RunFor(TimeSpan.FromSeconds(2));
        var before = received.ToString();
        world.Network.Unblock(a, b);
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.True(before.Length < 20);
        Assert.Equal("0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,", received.ToString());
    }

    [Fact]
    public void A_frozen_process_goes_on_where_it_stood()
    {
        var world = new SimWorld(3);
        var machine = world.AddMachine("a");
        var ticks = 0;
        machine.Start(async node =>
        {
            while (true)
            {
                await node.Clock.Delay(TimeSpan.FromMilliseconds(10));
                ticks++;
            }
        });
        world.RunFor(TimeSpan.FromMilliseconds(101));
        machine.Freeze(TimeSpan.FromSeconds(1));
        var before = ticks;
        world.RunFor(TimeSpan.FromMilliseconds(900));
        Assert.Equal(before, ticks);
        world.RunFor(TimeSpan.FromMilliseconds(200));
        Assert.True(ticks > before);
    }

    [Fact]
    public void An_unhandled_exception_of_a_process_fails_the_run_and_is_named()
    {
        var world = new SimWorld(3);
        var machine = world.AddMachine("a");
        machine.Start(async node =>
        {
            await node.Clock.Delay(TimeSpan.FromMilliseconds(10));
            throw new InvalidOperationException("the reactor is on fire");
        });
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("no-unhandled-exception", world.Failure?.Property);
        Assert.Contains("the reactor is on fire", world.Failure?.Message, StringComparison.Ordinal);
    }

    private static (string Reply, ulong Hash) RunEcho(ulong seed)
    {
        var world = new SimWorld(seed);
        var (client, server) = (world.AddMachine("client"), world.AddMachine("server"));
        var reply = string.Empty;
        server.Start(async node =>
        {
            var listener = await node.Network.Listen(new Endpoint("server", 7));
            var connection = await listener.Accept();
            var buffer = new byte[100];
            while (await connection.Read(buffer) is var count and > 0) await connection.Write(buffer.AsMemory(0, count));
            connection.Close();
        });
        client.Start(async node =>
        {
            await node.Clock.Delay(TimeSpan.FromMilliseconds(1));
            var connection = await node.Network.Connect(new Endpoint("server", 7), TimeSpan.FromSeconds(1));
            await connection.Write("hello"u8.ToArray());
            connection.FinishWriting();
            var buffer = new byte[100];
            while (await connection.Read(buffer) is var count and > 0) reply += Encoding.UTF8.GetString(buffer, 0, count);
            connection.Close();
        });
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Null(world.Failure);
        return (reply, world.Hash);
    }
}
