using System;
using Reference.Rpc;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Rpc;

public class RpcServerTests
{
    [Fact]
    public void A_bad_frame_closes_only_its_own_connection()
    {
        RpcServer? server = null;
        new TwoMachines().Run(
            async node => await (server = EchoServer(node)).Start(),
            async node =>
            {
                var good = await Dial(node);
                await Echo(good, 1);
                var bad = await Dial(node);
                bad.Write(OutgoingFrame.Ready(new byte[] { 0xff, 0xff, 0xff, 0xff }));
                await TwoMachines.Fails<NetworkException>(bad.Read().AsVoid());
                await Echo(good, 2);
                Assert.Equal(1, server!.ConnectionCount);
            });
    }

    [Fact]
    public void Stopping_closes_in_order_and_refuses_new_connections()
    {
        RpcServer? server = null;
        var stopped = false;
        var machines = new TwoMachines();
        machines.Run(
            async node => await (server = EchoServer(node)).Start(),
            async node =>
            {
                var connection = await Dial(node);
                await Echo(connection, 1);
                machines.World.Schedule(TimeSpan.Zero, () => machines.Server.Invoke(() => Loop.Current.Spawn(Stop())));
                Assert.Null(await connection.Read());
                await connection.Close();
                await node.Clock.Delay(TimeSpan.FromSeconds(1));
                Assert.True(stopped);
                await TwoMachines.Fails<NetworkException>(Dial(node).AsVoid());
            });

        async LoopTask Stop()
        {
            await server!.Stop(TimeSpan.FromSeconds(5));
            stopped = true;
        }
    }

    [Fact]
    public void Connections_beyond_the_limit_are_closed_at_once() => new TwoMachines().Run(
        async node => await EchoServer(node, maxConnections: 1).Start(),
        async node =>
        {
            var first = await Dial(node);
            await Echo(first, 1);
            var second = await Dial(node);
            Assert.Null(await second.Read());
            await Echo(first, 2);
        });

    [Fact]
    public void A_silent_connection_is_closed_after_its_time_and_one_that_speaks_or_is_served_is_not() => new TwoMachines().Run(
        async node => await EchoServer(node, maxIdle: TimeSpan.FromSeconds(10), delay: TimeSpan.FromSeconds(40)).Start(),
        async node =>
        {
            var (silent, speaking, served) = (await Dial(node), await Dial(node), await Dial(node));
            served.Write(OutgoingFrame.Prefixed(new byte[] { EchoHandler.Slow }));
            var closed = node.Clock.MonotonicMicros;
            node.Spawn(UntilClosed());
            for (byte i = 1; i < 30; i++)
            {
                await Echo(speaking, i);
                await node.Clock.Delay(TimeSpan.FromSeconds(1));
            }

            Assert.InRange(closed / 1_000_000.0, 10, 14);
            Assert.Equal((byte[])[EchoHandler.Slow], (await served.ReadOwned())!);

            async LoopTask UntilClosed()
            {
                Assert.Null(await silent.Read());
                closed = node.Clock.MonotonicMicros - closed;
            }
        });

    private static RpcServer EchoServer(Node node, int maxConnections = 10, TimeSpan? maxIdle = null, TimeSpan delay = default) => new(
        node,
        new RpcServerOptions(TwoMachines.Address) { MaxFrameBytes = 1000, MaxConnections = maxConnections, MaxIdle = maxIdle },
        connection => new EchoHandler(node, connection, delay));

    private static async LoopTask<FrameConnection> Dial(Node node) =>
        new(await node.Network.Connect(TwoMachines.Address, TimeSpan.FromSeconds(5)), 1000);

    private static async LoopTask Echo(FrameConnection connection, byte content)
    {
        connection.Write(OutgoingFrame.Prefixed(new[] { content }));
        Assert.Equal((byte[])[content], (await connection.ReadOwned())!);
    }

    private sealed class EchoHandler(Node node, FrameConnection connection, TimeSpan delay) : IConnectionHandler
    {
        public const byte Slow = 99;

        public bool IsBusy { get; private set; }

        public async LoopTask Run()
        {
            while (await connection.ReadOwned() is { } frame)
            {
                IsBusy = true;
                if (frame[0] == Slow) await node.Clock.Delay(delay);
                IsBusy = false;
                connection.Write(OutgoingFrame.Prefixed(frame));
            }
        }

        public void Stop() => Loop.Current.Spawn(connection.Close());

        public void Closed()
        {
        }
    }
}
