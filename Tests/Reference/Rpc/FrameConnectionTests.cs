using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Rpc;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Rpc;

public class FrameConnectionTests
{
    [Fact]
    public void Frames_of_all_sizes_arrive_whole_and_in_order()
    {
        int[] sizes = [0, 1, 3, 1000, 16 * 1024, 16 * 1024 + 1, 300_000, 5, 70_000, 2];
        var received = new List<byte[]>();
        Exchange(
            connection =>
            {
                foreach (var size in sizes) connection.Write(OutgoingFrame.Prefixed(Body(size)));
                return connection.Close();
            },
            async connection =>
            {
                while (await connection.Read() is { } frame) received.Add(frame.ToArray());
            });
        Assert.Equal(sizes.Select(Body), received);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Memory_is_taken_for_the_bytes_that_come_and_not_for_those_announced(bool owned)
    {
        var taken = long.MaxValue;
        Exchange(
            connection =>
            {
                byte[] start = [0x05, 0xF5, 0xE1, 0x00, 1, 2, 3]; // 100,000,000 bytes to come
                connection.Write(OutgoingFrame.Ready(start));
                return connection.Close();
            },
            async connection =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    if (owned) await connection.ReadOwned();
                    else await connection.Read();
                    Assert.Fail("It was read.");
                }
                catch (FrameException)
                {
                    taken = GC.GetAllocatedBytesForCurrentThread() - before;
                }
            },
            maxFrameBytes: 100_000_000);
        Assert.InRange(taken, 0, 1_000_000);
    }

    [Fact]
    public void Frames_of_all_sizes_can_be_kept()
    {
        int[] sizes = [0, 1, 16 * 1024 - 4, 16 * 1024, 16 * 1024 + 1, 300_000, 5, 70_000];
        var received = new List<byte[]>();
        Exchange(
            connection =>
            {
                foreach (var size in sizes) connection.Write(OutgoingFrame.Prefixed(Body(size)));
                return connection.Close();
            },
            async connection =>
            {
                while (await connection.ReadOwned() is { } frame) received.Add(frame);
            });
        Assert.Equal(sizes.Select(Body), received);
    }

    [Fact]
    public void A_frame_may_hold_a_region_of_a_file()
    {
        byte[]? received = null;
        var released = 0;
        Exchange(
            async connection =>
            {
                var file = await _node!.Disk.Open("segment", OpenMode.OpenOrCreate);
                await file.Write(0, Body(5000));
                connection.Write(OutgoingFrame.Prefixed([FrameSegment.Of(new byte[] { 7 }), FrameSegment.Of(file, 100, 3000)], () => released++));
                await connection.Drain();
                Assert.Equal(1, released);
                await connection.Close();
            },
            async connection => received = await connection.ReadOwned());
        Assert.Equal([7, .. Body(5000).AsSpan(100, 3000)], received!);
    }

    [Theory]
    [InlineData(-1, "announced a frame of -1 bytes; a length is at least 0 and at most 1000000")]
    [InlineData(1_000_001, "announced a frame of 1000001 bytes, but the limit is 1000000 bytes")]
    [InlineData(10, "ended after 2 of the 10 bytes that a frame announced")]
    public void A_bad_length_is_named_with_the_limit(int announced, string message)
    {
        FrameException? error = null;
        Exchange(
            connection =>
            {
                byte[] bytes = [(byte)(announced >> 24), (byte)(announced >> 16), (byte)(announced >> 8), (byte)announced, 1, 2];
                connection.Write(OutgoingFrame.Ready(bytes));
                return connection.Close();
            },
            async connection => error = await TwoMachines.Fails<FrameException>(connection.ReadOwned().AsVoid()));
        Assert.Contains(message, error!.Message);
    }

    [Fact]
    public void A_stream_that_ends_inside_a_length_is_a_bad_frame()
    {
        FrameException? error = null;
        Exchange(
            connection =>
            {
                connection.Write(OutgoingFrame.Ready(new byte[] { 0, 0 }));
                return connection.Close();
            },
            async connection => error = await TwoMachines.Fails<FrameException>(connection.Read().AsVoid()));
        Assert.Contains("ended after 2 of the 4 bytes of a frame's length", error!.Message);
    }

    [Fact]
    public void A_file_region_beyond_the_end_breaks_the_connection_and_releases_what_was_queued()
    {
        var released = 0;
        Exchange(
            async connection =>
            {
                var file = await _node!.Disk.Open("short", OpenMode.OpenOrCreate);
                connection.Write(OutgoingFrame.Prefixed([FrameSegment.Of(file, 0, 100_000)], () => released++));
                connection.Write(OutgoingFrame.Prefixed(Body(3), () => released++));
                await connection.Drain();
                Assert.True(connection.IsBroken);
                connection.Write(OutgoingFrame.Prefixed(Body(3), () => released++));
            },
            async connection => await TwoMachines.Fails<NetworkException>(connection.Read().AsVoid()));
        Assert.Equal(3, released);
    }

    private Node? _node;

    private void Exchange(Func<FrameConnection, LoopTask> writing, Func<FrameConnection, LoopTask> reading, int maxFrameBytes = 1_000_000) => new TwoMachines().Run(
        async node =>
        {
            _node = node;
            var listener = await node.Network.Listen(TwoMachines.Address);
            await writing(new FrameConnection(await listener.Accept(), 1_000_000));
        },
        async node => await reading(new FrameConnection(await node.Network.Connect(TwoMachines.Address, TimeSpan.FromSeconds(5)), maxFrameBytes)));

    private static byte[] Body(int size)
    {
        var body = new byte[size];
        for (var i = 0; i < size; i++) body[i] = (byte)(i * 31 + size);
        return body;
    }
}
