using System;
using System.Collections.Generic;
using System.Text;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Engine;

/// <summary>What a real kernel, network and disk may do or can't do, where a simulated one could err.</summary>
public class WorldFidelityTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly WorldOptions s_calm = new() { LossProbability = 0, FragmentationProbability = 0 };

    [Fact]
    public void A_name_made_while_its_directory_is_being_synced_is_not_covered_by_that_sync()
    {
        var lost = 0;
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var world = new SimWorld(seed, s_calm with { SyncLatency = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(11)) });
            var machine = world.AddMachine("a");
            machine.Start(async node =>
            {
                node.Spawn(node.Disk.SyncDirectory("."));
                await node.Disk.Open("late", OpenMode.CreateNew);
                await node.Clock.Delay(s_second * 100);
            });
            world.RunFor(s_second);
            machine.LosePower();
            if (machine.Disk.PeekNames(".").Count == 0) lost++;
        }

        Assert.InRange(lost, 1, 29);
    }

    [Fact]
    public void A_process_that_dies_during_a_write_leaves_none_a_part_or_all_of_it()
    {
        var lengths = new HashSet<int>();
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var world = new SimWorld(seed, s_calm with { DiskLatency = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(11)) });
            var machine = world.AddMachine("a");
            machine.Start(async node =>
            {
                var file = await node.Disk.Open("data", OpenMode.CreateNew);
                await file.Write(0, "0123456789"u8.ToArray());
            });
            world.RunFor(TimeSpan.FromMilliseconds(15));
            machine.Crash();
            var content = Encoding.UTF8.GetString(machine.Disk.Peek("data"));
            Assert.StartsWith(content, "0123456789", StringComparison.Ordinal);
            lengths.Add(content.Length);
        }

        Assert.Contains(0, lengths);
        Assert.Contains(10, lengths);
        Assert.Contains(lengths, l => l is > 0 and < 10);
    }

    [Theory]
    [InlineData(After.Writing)]
    [InlineData(After.Closing)]
    [InlineData(After.Dying)]
    [InlineData(After.RestartingOnceClosed)]
    public void Bytes_that_a_kernel_held_for_a_cut_link_are_gone_with_its_power(After after)
    {
        Assert.Equal(("first", true), Send(after, lose: true));
        Assert.Equal((after == After.Dying ? "first, reset" : after == After.Writing ? "firstsecond" : "firstsecond, end", true), Send(after, lose: false));
    }

    [Fact]
    public void Bytes_that_a_kernel_held_for_a_closed_connection_are_not_sent_while_its_machine_stays_without_power() =>
        Assert.Equal(("first", true), Send(After.Closing, lose: true, comesBack: false));

    [Fact]
    public void Nothing_follows_the_end_of_a_direction_even_if_a_write_was_under_way()
    {
        var world = new SimWorld(1, s_calm with { SendWindowBytes = 4 });
        var (a, b) = (world.AddMachine("a"), world.AddMachine("b"));
        var received = new StringBuilder();
        NetworkError? error = null;
        b.Start(async node =>
        {
            var connection = await (await node.Network.Listen(new Endpoint("b", 1))).Accept();
            await node.Clock.Delay(s_second);
            var buffer = new byte[100];
            var count = -1;
            while (count != 0)
            {
                count = await connection.Read(buffer);
                received.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }

            await node.Clock.Delay(s_second);
            while (await connection.Read(buffer) is var more and > 0) received.Append('!').Append(Encoding.UTF8.GetString(buffer, 0, more));
        });
        a.Start(async node =>
        {
            await node.Clock.Delay(TimeSpan.FromMilliseconds(10));
            var connection = await node.Network.Connect(new Endpoint("b", 1), s_second);
            var writing = connection.Write("12345678"u8.ToArray());
            connection.FinishWriting();
            try
            {
                await writing;
            }
            catch (NetworkException e)
            {
                error = e.Error;
            }

            await node.Clock.Delay(s_second * 10);
        });
        world.RunFor(s_second * 5);
        Assert.Null(world.Failure);
        Assert.Equal("1234", received.ToString());
        Assert.Equal(NetworkError.Closed, error);
    }

    [Fact]
    public void Monotonic_time_of_two_machines_has_nothing_in_common_and_begins_anew_with_power_but_wall_time_goes_on()
    {
        var world = new SimWorld(1);
        var (a, b) = (world.AddMachine("a"), world.AddMachine("b"));
        Assert.NotEqual(a.Clock.MonotonicMicros, b.Clock.MonotonicMicros);
        Assert.Equal(a.Clock.WallMillis, b.Clock.WallMillis);
        a.Start(static async node => await node.Clock.Delay(TimeSpan.FromHours(1)));
        world.RunFor(s_second);
        var (monotonic, wall) = (a.Clock.MonotonicMicros, a.Clock.WallMillis);
        a.LosePower();
        a.Restart();
        Assert.NotEqual(monotonic, a.Clock.MonotonicMicros);
        Assert.Equal(wall, a.Clock.WallMillis);
        a.Clock.SetDrift(50_000);
        world.RunFor(s_second);
        a.Clock.Correct();
        Assert.Equal(b.Clock.WallMillis, a.Clock.WallMillis);
    }

    /// <summary>What becomes of the end that has written, before the power goes.</summary>
    public enum After
    {
        Writing,
        Closing,
        Dying,
        RestartingOnceClosed,
    }

    private static (string Received, bool Sent) Send(After after, bool lose, bool comesBack = true)
    {
        var world = new SimWorld(1, s_calm);
        var (a, b) = (world.AddMachine("a"), world.AddMachine("b"));
        var received = new StringBuilder();
        var written = false;
        b.Start(node => Receive(node, received));
        a.Start(async node =>
        {
            await node.Clock.Delay(TimeSpan.FromMilliseconds(10));
            var connection = await node.Network.Connect(new Endpoint("b", 1), s_second);
            await connection.Write("first"u8.ToArray());
            await node.Clock.Delay(s_second);
            await connection.Write("second"u8.ToArray());
            written = true;
            if (after is After.Closing or After.RestartingOnceClosed) connection.Close();
            await node.Clock.Delay(s_second * 100);
        });
        world.RunFor(TimeSpan.FromMilliseconds(500));
        world.Network.Block(a, b);
        world.RunFor(s_second);
        if (after is After.Dying or After.RestartingOnceClosed) a.Crash();
        if (after == After.RestartingOnceClosed) a.Start(static async node => await node.Clock.Delay(s_second * 100));
        if (lose) a.LosePower();
        world.RunFor(s_second);
        if (lose && comesBack) a.Start(static async node => await node.Clock.Delay(s_second * 100));
        world.Network.HealAll();
        world.RunFor(s_second);
        Assert.Null(world.Failure);
        return (received.ToString(), written);
    }

    private static async LoopTask Receive(Node node, StringBuilder received)
    {
        var connection = await (await node.Network.Listen(new Endpoint("b", 1))).Accept();
        var buffer = new byte[100];
        try
        {
            while (await connection.Read(buffer) is var count and > 0) received.Append(Encoding.UTF8.GetString(buffer, 0, count));
            received.Append(", end");
        }
        catch (NetworkException)
        {
            received.Append(", reset");
        }

        await new LoopPromise<Nothing>().Task;
    }
}
