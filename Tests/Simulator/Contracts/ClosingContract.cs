using System;
using Simulator.Platform;
using Xunit;

namespace Tests.Simulator.Contracts;

/// <summary>What <see cref="IConnection"/> promises about its end: closing in order and resetting.</summary>
public abstract class ClosingContract(IContractWorld world) : ContractTests(world)
{
    private readonly Handover<bool> _over = new();

    [Fact]
    public void What_was_written_before_close_is_delivered()
    {
        var sent = Bytes.Pattern(100_000);
        Connected(
            async (_, connection) =>
            {
                await connection.Write(sent);
                connection.Close();
                connection.Close(); // nothing happens
            },
            async (_, connection) => Assert.Equal(sent, await Bytes.ReadToEnd(connection)));
    }

    [Fact]
    public void What_was_written_before_close_is_delivered_even_if_this_side_left_bytes_unread()
    {
        var sent = Bytes.Pattern(100_000);
        var ready = new Handover<bool>();
        Connected(
            async (a, connection) =>
            {
                await ready.Take(a);
                await a.Clock.Delay(TimeSpan.FromMilliseconds(5)); // the peer's bytes are here
                await connection.Write(sent);
                connection.Close();
            },
            async (b, connection) =>
            {
                await connection.Write(new byte[500]);
                ready.Put(true);
                Assert.Equal(sent, await Bytes.ReadToEnd(connection));
            });
    }

    [Fact]
    public void A_pending_read_ends_with_closed()
    {
        Connected(
            async (_, connection) =>
            {
                var reading = connection.Read(new byte[10]);
                connection.Close();
                await Expect.Network(NetworkError.Closed, reading);
                _over.Put(true);
            },
            async (b, connection) =>
            {
                Assert.Equal(0, await connection.Read(new byte[10]));
                await _over.Take(b);
            });
    }

    [Fact]
    public void A_pending_write_ends_with_closed()
    {
        Connected(
            async (_, connection) =>
            {
                var writing = connection.Write(new byte[64 << 20]);
                Assert.False(writing.IsCompleted);
                connection.Close();
                await Expect.Network(NetworkError.Closed, writing);
                _over.Put(true);
            },
            async (b, _) => await _over.Take(b));
    }

    [Fact]
    public void After_close_reads_and_writes_end_with_closed()
    {
        Connected(
            async (a, connection) =>
            {
                connection.Close();
                await Expect.Network(NetworkError.Closed, connection.Read(new byte[1]));
                await Expect.Network(NetworkError.Closed, connection.Write(new byte[1]));
                connection.FinishWriting(); // nothing happens
                connection.Reset();
            },
            async (_, connection) => Assert.Equal(0, await connection.Read(new byte[1])));
    }

    [Fact]
    public void The_peer_of_a_reset_sees_it_in_a_pending_read()
    {
        var ready = new Handover<bool>();
        Connected(
            async (a, connection) =>
            {
                await ready.Take(a);
                connection.Reset();
                await Expect.Network(NetworkError.Closed, connection.Read(new byte[1]));
            },
            async (_, connection) =>
            {
                var reading = connection.Read(new byte[1]);
                ready.Put(true);
                await Expect.Network(NetworkError.Reset, reading);
                await Expect.Network(NetworkError.Reset, connection.Read(new byte[1]));
                await Expect.Network(NetworkError.Reset, connection.Write(new byte[1]));
            });
    }

    [Fact]
    public void The_peer_of_a_reset_sees_it_in_its_writes_and_not_as_an_end_in_its_reads()
    {
        Connected(
            (_, connection) =>
            {
                connection.Reset();
                return LoopTask.Completed;
            },
            async (b, connection) =>
            {
                var error = await WriteUntilError(b, connection);
                Assert.Equal(NetworkError.Reset, error.Error);
                await Expect.Network(NetworkError.Reset, connection.Read(new byte[1]));
            });
    }

    [Fact]
    public void Writing_on_to_a_peer_that_closed_ends_in_a_reset()
    {
        Connected(
            (_, connection) =>
            {
                connection.Close();
                return LoopTask.Completed;
            },
            async (b, connection) =>
            {
                Assert.Equal(0, await connection.Read(new byte[1]));
                Assert.Equal(NetworkError.Reset, (await WriteUntilError(b, connection)).Error);
            });
    }

    [Fact]
    public void A_reset_ends_a_write_that_waits_for_room()
    {
        Connected(
            async (a, connection) =>
            {
                await _over.Take(a);
                connection.Reset();
            },
            async (_, connection) =>
            {
                var writing = connection.Write(new byte[64 << 20]);
                Assert.False(writing.IsCompleted);
                _over.Put(true);
                await Expect.Network(NetworkError.Reset, writing);
            });
    }

    private static async LoopTask<NetworkException> WriteUntilError(Node node, IConnection connection)
    {
        var end = node.Clock.MonotonicMicros + (long)Patience.TotalMicroseconds;
        while (node.Clock.MonotonicMicros < end)
        {
            try
            {
                await connection.Write(new byte[4096]);
            }
            catch (NetworkException e)
            {
                return e;
            }

            await node.Clock.Delay(TimeSpan.FromMilliseconds(1));
        }

        throw new TimeoutException("Writes went on for ever.");
    }
}
