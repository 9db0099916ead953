using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Reference.Rpc;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Rpc;

public class RpcClientConnectionTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);

    [Fact]
    public void Replies_find_their_requests_in_whatever_order_they_come() => Run(
        async connection =>
        {
            var frames = new List<byte[]>();
            while (frames.Count < 3) frames.Add((await connection.ReadOwned())!);
            frames.Reverse();
            foreach (var frame in frames) connection.Write(OutgoingFrame.Prefixed(frame));
            await connection.Drain();
        },
        async client =>
        {
            LoopTask<ReadOnlyMemory<byte>>[] replies = [Send(client, 11, 1), Send(client, 12, 2), Send(client, 13, 3)];
            for (var i = 0; i < replies.Length; i++) Assert.Equal(i + 1, (await replies[i]).Span[4]);
        });

    [Fact]
    public void No_more_than_the_limit_is_in_flight() => Run(
        async connection =>
        {
            for (var i = 0; i < 3; i++)
            {
                var frame = await connection.ReadOwned();
                connection.Write(OutgoingFrame.Prefixed(frame));
            }
        },
        async client =>
        {
            LoopTask<ReadOnlyMemory<byte>>[] replies = [Send(client, 1, 1), Send(client, 2, 2), Send(client, 3, 3)];
            Assert.Equal(1, client.InFlight);
            Assert.Equal(2, client.Waiting);
            foreach (var reply in replies) await reply;
        },
        maxInFlight: 1);

    [Fact]
    public void A_timeout_closes_the_connection_and_tells_the_sent_from_the_unsent() => Run(
        async connection => await connection.ReadOwned(),
        async client =>
        {
            var first = client.Send(1, Frame(1, 1), TimeSpan.FromSeconds(1));
            var second = Send(client, 2, 2);
            var timedOut = await TwoMachines.Fails<RpcException>(first.AsVoid());
            var neverSent = await TwoMachines.Fails<RpcException>(second.AsVoid());
            Assert.Equal((RpcFailure.TimedOut, RpcOutcome.Unknown), (timedOut.Failure, timedOut.Outcome));
            Assert.Equal(RpcOutcome.NeverSent, neverSent.Outcome);
            Assert.False(client.IsOpen);
            var late = await TwoMachines.Fails<RpcException>(Send(client, 3, 3).AsVoid());
            Assert.Equal(RpcOutcome.NeverSent, late.Outcome);
        },
        maxInFlight: 1);

    [Fact]
    public void A_request_that_waited_too_long_unsent_fails_alone() => Run(
        async connection =>
        {
            var frame = await connection.ReadOwned();
            await _server!.Clock.Delay(TimeSpan.FromSeconds(3));
            connection.Write(OutgoingFrame.Prefixed(frame));
            await connection.Drain();
        },
        async client =>
        {
            var first = Send(client, 1, 1);
            var waiting = await TwoMachines.Fails<RpcException>(client.Send(2, Frame(2, 2), TimeSpan.FromSeconds(1)).AsVoid());
            Assert.Equal((RpcFailure.TimedOut, RpcOutcome.NeverSent), (waiting.Failure, waiting.Outcome));
            Assert.Equal(1, (await first).Span[4]);
            Assert.True(client.IsOpen);
        },
        maxInFlight: 1);

    [Fact]
    public void A_lost_connection_leaves_the_outcome_of_what_was_sent_unknown()
    {
        RpcException? closed = null;
        Run(
            async connection =>
            {
                await connection.ReadOwned();
                connection.Reset();
            },
            async client =>
            {
                var lost = await TwoMachines.Fails<RpcException>(Send(client, 1, 1).AsVoid());
                Assert.Equal((RpcFailure.ConnectionLost, RpcOutcome.Unknown), (lost.Failure, lost.Outcome));
            },
            onClosed: e => closed = e);
        Assert.Equal(RpcFailure.ConnectionLost, closed!.Failure);
    }

    [Fact]
    public void A_reply_to_nobody_breaks_the_connection() => Run(
        async connection =>
        {
            await connection.ReadOwned();
            connection.Write(Frame(99, 0));
            await connection.Drain();
        },
        async client =>
        {
            var violated = await TwoMachines.Fails<RpcException>(Send(client, 1, 1).AsVoid());
            Assert.Equal(RpcFailure.ProtocolViolation, violated.Failure);
            Assert.Contains("correlation id 99", violated.Message);
        });

    [Fact]
    public void Dialling_nobody_fails_without_effect() => new TwoMachines().Run(
        _ => LoopTask.Completed,
        async node =>
        {
            var refused = await TwoMachines.Fails<RpcException>(
                RpcClientConnection.Connect(node, TwoMachines.Address, new RpcClientOptions()).AsVoid());
            Assert.Equal((RpcFailure.ConnectFailed, RpcOutcome.NeverSent), (refused.Failure, refused.Outcome));
        });

    private Node? _server;

    private void Run(
        Func<FrameConnection, LoopTask> server, Func<RpcClientConnection, LoopTask> client, int maxInFlight = 5, Action<RpcException>? onClosed = null) =>
        new TwoMachines().Run(
            async node =>
            {
                _server = node;
                var listener = await node.Network.Listen(TwoMachines.Address);
                await server(new FrameConnection(await listener.Accept(), 1000));
            },
            async node => await client(await RpcClientConnection.Connect(
                node, TwoMachines.Address, new RpcClientOptions { MaxInFlight = maxInFlight, OnClosed = onClosed })));

    private static LoopTask<ReadOnlyMemory<byte>> Send(RpcClientConnection client, int id, byte content) => client.Send(id, Frame(id, content), s_long);

    private static OutgoingFrame Frame(int id, byte content)
    {
        var body = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(body, id);
        body[4] = content;
        return OutgoingFrame.Prefixed(body);
    }
}
