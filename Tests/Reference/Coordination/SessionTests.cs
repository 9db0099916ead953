using System;
using System.Collections.Generic;
using Reference.Coordination;
using Reference.Coordination.Jute;
using Reference.Rpc;
using Simulator.Engine;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Coordination;

public class SessionTests
{
    [Fact]
    public void A_session_cut_off_for_longer_than_its_timeout_expires_and_its_ephemerals_go()
    {
        var cluster = new SimCluster(1);
        CoordinationClient? client = null;
        var events = new List<string>();
        var renewed = false;
        var machine = cluster.Client("client", async node =>
        {
            client = new CoordinationClient(node, SimCluster.ClientOptions);
            client.Connected += () => events.Add("connected");
            client.Disconnected += () => events.Add("disconnected");
            var expired = new LoopPromise<Nothing>();
            client.Expired += () => expired.TrySetResult(default);
            await client.Start();
            await client.Create("/e", [], CreateMode.Ephemeral);
            events.Add("created");
            await expired.Task;
            events.Add("expired");
            await Integration.CoordinationCase.FailsWith(CoordinationError.SessionExpired, client.Exists("/e").AsVoid());
            var again = client.Renew();
            await again.Start();
            Assert.Null(await again.Exists("/e"));
            Assert.NotEqual(client.SessionId, again.SessionId);
            await again.Close();
            renewed = true;
        });
        cluster.RunUntil(() => events.Contains("created"), 10);
        cluster.Partition(machine);
        cluster.RunFor(2.5);
        Assert.Equal(CoordinationState.Connecting, client!.State);
        Assert.Equal(1, cluster.Running.SessionCount);
        cluster.RunFor(3);
        Assert.Equal(0, cluster.Running.SessionCount);
        cluster.Heal();
        cluster.RunUntil(() => renewed, 30);
        Assert.Equal(["connected", "created", "disconnected", "expired"], events);
    }

    [Fact]
    public void A_session_survives_a_server_crash_and_its_watches_fire_for_what_was_missed()
    {
        var cluster = new SimCluster(2);
        var (ready, heard) = (false, new List<WatchEvent>());
        long session = 0;
        CoordinationClient? client = null;
        var watching = cluster.Client("watching", async node =>
        {
            client = new CoordinationClient(node, SimCluster.ClientOptions with { SessionTimeout = TimeSpan.FromSeconds(20) });
            await client.Start();
            await client.Create("/e", [], CreateMode.Ephemeral);
            await client.Create("/data", []);
            await client.GetData("/data", heard.Add);
            await client.Exists("/new", heard.Add);
            await client.GetChildren("/", heard.Add);
            session = client.SessionId;
            ready = true;
            await new LoopPromise<Nothing>().Task;
        });
        cluster.RunUntil(() => ready, 10);
        cluster.Partition(watching);
        cluster.Server.Crash();
        cluster.RunFor(1);
        cluster.Server.Restart();
        var changed = false;
        cluster.Client("changing", async node =>
        {
            var other = new CoordinationClient(node, SimCluster.ClientOptions);
            await other.Start();
            Assert.Equal(session, (await other.Exists("/e"))!.Value.EphemeralOwner);
            await other.SetData("/data", [1]);
            await other.Create("/new", []);
            changed = true;
            await new LoopPromise<Nothing>().Task;
        });
        cluster.RunUntil(() => changed, 30);
        Assert.Empty(heard);
        cluster.Heal();
        cluster.RunUntil(() => heard.Count == 3, 60);
        Assert.Equal(
            [new(WatchEventType.NodeDataChanged, "/data"), new(WatchEventType.NodeCreated, "/new"), new(WatchEventType.NodeChildrenChanged, "/")], heard);
        Assert.Equal((CoordinationState.Connected, session), (client!.State, client.SessionId));
    }

    [Fact]
    public void A_request_cut_off_by_a_crash_has_an_unknown_outcome_and_a_waiting_one_goes_on_after_the_reconnect()
    {
        var cluster = new SimCluster(3);
        var (sent, done) = (false, false);
        cluster.Client("client", async node =>
        {
            var client = new CoordinationClient(node, SimCluster.ClientOptions);
            await client.Start();
            cluster.Server.Disk.Stall(TimeSpan.FromSeconds(5));
            var cut = client.Create("/cut", []);
            sent = true;
            var lost = await Integration.CoordinationCase.Fails(cut.AsVoid());
            Assert.Equal((CoordinationError.ConnectionLoss, true), (lost.Error, lost.OutcomeUnknown));
            Assert.Equal("/after", await client.Create("/after", []));
            done = true;
        });
        cluster.RunUntil(() => sent, 10);
        cluster.RunFor(0.1);
        cluster.Server.Crash();
        cluster.RunFor(0.5);
        cluster.Server.Restart();
        cluster.RunUntil(() => done, 60);
    }

    /// <summary>A server takes the connection from whoever sends more, and with it what else is under way: it would be tried again for ever.</summary>
    [Fact]
    public void A_request_longer_than_servers_take_is_refused_and_disturbs_nothing_else()
    {
        var cluster = new SimCluster(5);
        var (done, lost) = (false, 0);
        cluster.Client("client", async node =>
        {
            var client = new CoordinationClient(node, SimCluster.ClientOptions);
            client.Disconnected += () => lost++;
            await client.Start();
            await client.Create("/small", []);
            Assert.Equal("/large", await client.Create("/large", new byte[cluster.Options.MaxRequestBytes - 100])); // the rest: header, path, ACL and flags
            var refused = await Integration.CoordinationCase.Fails(client.Create("/larger", new byte[cluster.Options.MaxRequestBytes]).AsVoid());
            Assert.Equal((CoordinationError.BadArguments, false), (refused.Error, refused.OutcomeUnknown));
            Assert.Contains("jute.maxbuffer", refused.Message, StringComparison.Ordinal);
            refused = await Integration.CoordinationCase.Fails(client.Multi([CoordinationOp.SetData("/large", new byte[600_000]), CoordinationOp.SetData("/small", new byte[600_000])]).AsVoid());
            Assert.Equal(CoordinationError.BadArguments, refused.Error);
            Assert.Empty((await client.GetData("/small")).Data);
            done = true;
        });
        cluster.RunUntil(() => done, 60);
        Assert.Equal(0, lost);
    }

    /// <summary>Where a reply cannot be read, nothing behind it on the connection can be believed either.</summary>
    [Fact]
    public void A_reply_that_cannot_be_read_costs_its_connection_and_nothing_more()
    {
        var world = new SimWorld(7);
        var (connections, done) = (0, false);
        world.AddMachine("server").Start(async node =>
        {
            var listener = await node.Network.Listen(new Endpoint("server", 2181));
            while (true)
            {
                var connection = new FrameConnection(await listener.Accept(), 1 << 20);
                connections++;
                await connection.Read();
                connection.Write(new ConnectResponse(10_000, 77, new byte[16], false).ToFrame());
                while (await connection.Read() is { } request)
                {
                    var reply = JuteWriter.ForFrame();
                    new ReplyHeader(new JuteReader(request.Span).ReadInt(), 1, CoordinationError.Ok).Write(reply);
                    if (connections == 1) reply.WriteInt(1_000_000); // bytes that do not follow
                    else WriteData(reply);
                    connection.Write(reply.ToFrame());
                }
            }
        });
        world.AddMachine("client").Start(async node =>
        {
            var client = new CoordinationClient(node, SimCluster.ClientOptions);
            await client.Start();
            var lost = await Integration.CoordinationCase.Fails(client.GetData("/x").AsVoid());
            Assert.Equal((CoordinationError.ConnectionLoss, true), (lost.Error, lost.OutcomeUnknown));
            Assert.Equal("x"u8.ToArray(), (await client.GetData("/x")).Data);
            done = true;
        });
        Assert.True(world.RunUntil(() => done || world.Failure is not null, TimeSpan.FromSeconds(60)));
        Assert.Null(world.Failure);
        Assert.Equal(2, connections);

        static void WriteData(JuteWriter reply)
        {
            reply.WriteBuffer("x"u8.ToArray());
            Records.WriteStat(reply, default);
        }
    }

    /// <summary>Found by a seed: the callback's request stood in line behind those that the connection had woken, and slept to its timeout.</summary>
    [Fact]
    public void A_request_made_while_the_news_of_the_connection_is_told_goes_out_at_once_behind_those_that_waited()
    {
        var cluster = new SimCluster(4);
        var ready = false;
        var answers = new List<string>();
        long connectedMicros = 0;
        cluster.Client("client", async node =>
        {
            var client = new CoordinationClient(node, SimCluster.ClientOptions with { SessionTimeout = TimeSpan.FromSeconds(20) });
            await client.Start();
            client.Disconnected += () =>
            {
                node.Spawn(Ask(client, "waited first"));
                node.Spawn(Ask(client, "waited second"));
            };
            client.Connected += () =>
            {
                connectedMicros = cluster.World.NowMicros;
                node.Spawn(Ask(client, "told"));
            };
            ready = true;
            await new LoopPromise<Nothing>().Task;
        });
        cluster.RunUntil(() => ready, 10);
        cluster.Server.Crash();
        cluster.RunFor(1);
        cluster.Server.Restart();
        cluster.RunUntil(() => answers.Count == 3, 60);
        Assert.Equal(["waited first", "waited second", "told"], answers);
        Assert.InRange(cluster.World.NowMicros - connectedMicros, 0, 1_000_000);

        async LoopTask Ask(CoordinationClient client, string who)
        {
            await client.Exists("/");
            answers.Add(who);
        }
    }
}
