using System;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Contracts;

/// <summary>What <see cref="IConnection"/> promises while it is open.</summary>
public abstract class ConnectionContract(IContractWorld world) : ContractTests(world)
{
    [Fact]
    public void Bytes_arrive_whole_and_in_order_in_whatever_fragments()
    {
        var sent = Bytes.Pattern(1_000_000);
        Connected(
            async (_, connection) =>
            {
                for (var at = 0; at < sent.Length;)
                {
                    var piece = Math.Min(1 + at % 7919, sent.Length - at);
                    await connection.Write(sent.AsMemory(at, piece));
                    at += piece;
                }

                connection.FinishWriting();
            },
            async (_, connection) => Assert.Equal(sent, await Bytes.ReadToEnd(connection)));
    }

    [Fact]
    public void Both_directions_flow_at_the_same_time()
    {
        var sent = Bytes.Pattern(3_000_000);
        Func<Node, IConnection, LoopTask> side = async (node, connection) =>
        {
            var reading = Bytes.ReadExactly(connection, sent.Length);
            await connection.Write(sent);
            Assert.Equal(sent, await reading);
        };
        Connected(side, side);
    }

    [Fact]
    public void An_empty_write_ends_at_once_and_sends_nothing()
    {
        Connected(
            async (_, connection) =>
            {
                await connection.Write(ReadOnlyMemory<byte>.Empty);
                await connection.Write(new byte[] { 7 });
            },
            async (_, connection) => Assert.Equal([7], await Bytes.ReadExactly(connection, 1)));
    }

    [Fact]
    public void After_finish_writing_the_peer_reads_the_rest_then_zero_and_can_still_answer()
    {
        Connected(
            async (_, connection) =>
            {
                await connection.Write(Bytes.Pattern(5000));
                connection.FinishWriting();
                connection.FinishWriting(); // nothing happens
                await Expect.Network(NetworkError.Closed, connection.Write(new byte[1]));
                Assert.Equal(Bytes.Pattern(70_000), await Bytes.ReadToEnd(connection));
            },
            async (_, connection) =>
            {
                Assert.Equal(Bytes.Pattern(5000), await Bytes.ReadToEnd(connection));
                Assert.Equal(0, await connection.Read(new byte[10]));
                await connection.Write(Bytes.Pattern(70_000));
                connection.FinishWriting();
            });
    }

    [Fact]
    public void A_writer_waits_while_the_peer_does_not_read()
    {
        var stuck = new Handover<bool>();
        const int Piece = 1 << 20;
        const int Pieces = 64;
        Connected(
            async (a, connection) =>
            {
                var written = 0;
                var done = new LoopPromise<bool>();
                a.Spawn(WriteAll());
                Assert.False(await done.WaitFor(a.Clock, TimeSpan.FromMilliseconds(300)));
                Assert.True(written < Pieces);
                stuck.Put(true);
                await done.Task;

                async LoopTask WriteAll()
                {
                    for (; written < Pieces; written++) await connection.Write(new byte[Piece]);
                    done.TrySetResult(true);
                }
            },
            async (b, connection) =>
            {
                await stuck.Take(b);
                await Bytes.ReadExactly(connection, Piece * Pieces);
            });
    }

    [Fact]
    public void Only_one_read_and_one_write_at_a_time()
    {
        var over = new Handover<bool>();
        Connected(
            async (a, connection) =>
            {
                var reading = connection.Read(new byte[1]);
                await Expect.Thrown<InvalidOperationException>(Attempt(() => connection.Read(new byte[1]).AsVoid()));
                var writing = connection.Write(new byte[64 << 20]);
                Assert.False(writing.IsCompleted);
                await Expect.Thrown<InvalidOperationException>(Attempt(() => connection.Write(new byte[1])));
                connection.Reset();
                await Expect.Network(NetworkError.Closed, reading);
                await Expect.Network(NetworkError.Closed, writing);
                over.Put(true);
            },
            async (b, connection) => await over.Take(b));

        static async LoopTask Attempt(Func<LoopTask> action) => await action();
    }

    [Fact]
    public void A_region_of_a_file_is_sent()
    {
        var content = Bytes.Pattern(2_000_000);
        Connected(
            async (a, connection) =>
            {
                var file = await a.Disk.Open("region", OpenMode.CreateNew);
                await file.Write(0, content);
                await connection.Write(new byte[] { 1 });
                await connection.WriteFile(file, 1234, 1_900_000);
                await connection.WriteFile(file, 0, 10);
                await connection.Write(new byte[] { 2 });
                connection.FinishWriting();
            },
            async (_, connection) =>
            {
                var all = await Bytes.ReadToEnd(connection);
                byte[] expected = [1, .. content[1234..1_901_234], .. content[..10], 2];
                Assert.Equal(expected, all);
            });
    }

    [Fact]
    public void Sending_a_file_waits_for_a_slow_peer_and_loses_nothing()
    {
        var content = Bytes.Pattern(1 << 20);
        const int Times = 24;
        var stuck = new Handover<bool>();
        Connected(
            async (a, connection) =>
            {
                var file = await a.Disk.Open("slow", OpenMode.CreateNew);
                await file.Write(0, content);
                var done = new LoopPromise<bool>();
                a.Spawn(SendAll());
                Assert.False(await done.WaitFor(a.Clock, TimeSpan.FromMilliseconds(300)));
                stuck.Put(true);
                await done.Task;

                async LoopTask SendAll()
                {
                    for (var i = 0; i < Times; i++) await connection.WriteFile(file, 0, content.Length);
                    done.TrySetResult(true);
                }
            },
            async (b, connection) =>
            {
                await stuck.Take(b);
                for (var i = 0; i < Times; i++) Assert.Equal(content, await Bytes.ReadExactly(connection, content.Length));
            });
    }

    [Fact]
    public void A_region_beyond_the_end_of_a_file_is_an_error_and_sends_nothing()
    {
        Connected(
            async (a, connection) =>
            {
                var file = await a.Disk.Open("short", OpenMode.CreateNew);
                await file.Write(0, new byte[100]);
                await Expect.Thrown<DiskException>(connection.WriteFile(file, 50, 51));
                await connection.Write(new byte[] { 9 });
                connection.FinishWriting();
            },
            async (_, connection) => Assert.Equal([9], await Bytes.ReadToEnd(connection)));
    }
}
