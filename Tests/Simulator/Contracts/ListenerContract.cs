using System;
using System.Threading;
using System.Threading.Tasks;
using Simulator.Platform;
using Simulator.Platform.Services;
using Xunit;

namespace Tests.Simulator.Contracts;

/// <summary>What <see cref="INetwork"/> and <see cref="IListener"/> promise.</summary>
public abstract class ListenerContract(IContractWorld world) : ContractTests(world)
{
    private Endpoint AnyPort => new(World.HostOfB, 0);

    [Fact]
    public void Port_zero_takes_a_free_port_and_tells_which()
    {
        World.Run(_ => LoopTask.Completed, async b =>
        {
            var one = await b.Network.Listen(AnyPort);
            var two = await b.Network.Listen(AnyPort);
            Assert.NotEqual(0, one.Local.Port);
            Assert.NotEqual(one.Local.Port, two.Local.Port);
        });
    }

    [Fact]
    public void A_port_in_use_is_refused_and_named()
    {
        World.Run(_ => LoopTask.Completed, async b =>
        {
            var taken = (await b.Network.Listen(AnyPort)).Local;
            var error = await Expect.Network(NetworkError.AddressInUse, b.Network.Listen(taken));
            Assert.Contains(taken.Port.ToString(), error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_closed_port_can_be_opened_again()
    {
        World.Run(_ => LoopTask.Completed, async b =>
        {
            var listener = await b.Network.Listen(AnyPort);
            listener.Close();
            listener.Close(); // nothing happens
            Assert.Equal(listener.Local, (await b.Network.Listen(listener.Local)).Local);
        });
    }

    [Fact]
    public void Dialing_where_nobody_listens_is_refused()
    {
        var address = new Handover<Endpoint>();
        World.Run(
            async a => await Expect.Network(NetworkError.Refused, a.Network.Connect(await address.Take(a), Patience)),
            async b =>
            {
                var listener = await b.Network.Listen(AnyPort);
                listener.Close();
                address.Put(listener.Local);
            });
    }

    [Fact]
    public void Dialing_without_an_answer_times_out_not_too_early()
    {
        var address = new Handover<Endpoint>();
        World.Run(
            async a =>
            {
                var silent = await address.Take(a);
                var start = a.Clock.MonotonicMicros;
                await Expect.Network(NetworkError.TimedOut, a.Network.Connect(silent, TimeSpan.FromMilliseconds(150)));
                Assert.True(a.Clock.MonotonicMicros - start >= 150_000);
            },
            async b => address.Put(await World.SilentEndpoint(b)));
    }

    [Fact]
    public void A_port_that_cannot_be_is_an_error_of_the_network()
    {
        World.Run(async a => await Expect.Thrown<NetworkException>(a.Network.Connect(new Endpoint(World.HostOfB, 99_092), Patience).AsVoid()));
    }

    [Fact]
    public void A_service_that_gives_up_dialing_need_not_wait_for_the_dials_own_end()
    {
        var address = new Handover<Endpoint>();
        World.Run(
            async a =>
            {
                var silent = await address.Take(a);
                await a.RunService(node => GiveUp(node, token => node.Network.ConnectAsync(silent, Patience, token)));
            },
            async b => address.Put(await World.SilentEndpoint(b)));
    }

    [Fact]
    public void A_request_that_is_given_up_while_dialing_ends_as_cancelled_and_one_that_is_too_late_as_timed_out()
    {
        var address = new Handover<Endpoint>();
        World.Run(
            async a =>
            {
                var silent = new Uri($"http://{await address.Take(a)}/");
                await a.RunService(async node =>
                {
                    using var patient = node.NewHttpClient();
                    await GiveUp(node, token => patient.GetAsync(silent, token));
                    using var hasty = node.NewHttpClient(TimeSpan.FromMilliseconds(150));
                    var late = await Assert.ThrowsAsync<TaskCanceledException>(() => hasty.GetAsync(silent));
                    Assert.IsType<TimeoutException>(late.InnerException);
                });
            },
            async b => address.Put(await World.SilentEndpoint(b)));
    }

    [Fact]
    public void An_unknown_host_is_named()
    {
        World.Run(async a =>
        {
            var error = await Expect.Network(NetworkError.HostUnknown, a.Network.Connect(new Endpoint("no-such-host.invalid", 9), Patience));
            Assert.Contains("no-such-host.invalid", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Accept_after_close_and_a_waiting_accept_end_with_closed()
    {
        World.Run(_ => LoopTask.Completed, async b =>
        {
            var listener = await b.Network.Listen(AnyPort);
            var waiting = listener.Accept();
            listener.Close();
            await Expect.Network(NetworkError.Closed, waiting);
            await Expect.Network(NetworkError.Closed, listener.Accept());
        });
    }

    [Fact]
    public void A_dialer_connects_before_anyone_accepts()
    {
        var address = new Handover<Endpoint>();
        var dialed = new Handover<bool>();
        World.Run(
            async a =>
            {
                var connection = await a.Network.Connect(await address.Take(a), Patience);
                await connection.Write(new byte[] { 42 });
                dialed.Put(true);
            },
            async b =>
            {
                var listener = await b.Network.Listen(AnyPort);
                address.Put(listener.Local);
                await dialed.Take(b);
                var connection = await listener.Accept();
                Assert.Equal([42], await Bytes.ReadExactly(connection, 1));
            });
    }

    [Fact]
    public void Closing_a_listener_resets_those_not_accepted_and_leaves_the_others()
    {
        var address = new Handover<Endpoint>();
        var dialed = new Handover<bool>();
        World.Run(
            async a =>
            {
                var remote = await address.Take(a);
                var accepted = await a.Network.Connect(remote, Patience);
                await accepted.Write(new byte[] { 1 });
                dialed.Put(true);
                var waiting = await a.Network.Connect(remote, Patience);
                dialed.Put(true);
                await Expect.Network(NetworkError.Reset, waiting.Read(new byte[1]));
                Assert.Equal([1], await Bytes.ReadExactly(accepted, 1));
            },
            async b =>
            {
                var listener = await b.Network.Listen(AnyPort);
                address.Put(listener.Local);
                var connection = await listener.Accept();
                await dialed.Take(b);
                await dialed.Take(b);
                await b.Clock.Delay(TimeSpan.FromMilliseconds(5)); // both have certainly arrived
                listener.Close();
                await connection.Write(await Bytes.ReadExactly(connection, 1));
            });
    }

    [Fact]
    public void Both_ends_agree_on_their_addresses()
    {
        var seen = new Handover<(Endpoint Local, Endpoint Remote)>();
        Connected(
            async (a, connection) =>
            {
                var (local, remote) = await seen.Take(a);
                Assert.Equal(connection.Local, remote);
                Assert.Equal(connection.Remote, local);
            },
            (_, connection) =>
            {
                seen.Put((connection.Local, connection.Remote));
                return LoopTask.Completed;
            });
    }

    private static async Task GiveUp(NodeContext node, Func<CancellationToken, Task> dial)
    {
        var start = node.Time.GetTimestamp();
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(150), node.Time);
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dial(giveUp.Token));
        Assert.Equal(giveUp.Token, cancelled.CancellationToken);
        Assert.InRange(node.Time.GetElapsedTime(start), TimeSpan.FromMilliseconds(150), Patience / 2);
    }
}
