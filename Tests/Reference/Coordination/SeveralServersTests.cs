using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Coordination;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Coordination;

/// <summary>A connect string of several servers of which some are dead, die, are silent or lag behind.</summary>
public class SeveralServersTests
{
    private const int Seeds = 16;
    private static readonly TimeSpan s_session = TimeSpan.FromSeconds(6);

    [Theory]
    [InlineData("dead:2181,server:2181")]
    [InlineData("server:2181,dead:2181/kafka/one")]
    [InlineData("dead:2181,nowhere:2181,server:2181/kafka")]
    public void A_server_that_is_not_there_is_passed_over_whichever_is_tried_first(string servers)
    {
        var quick = Enumerable.Range(1, Seeds).Count(seed => StartMicros((ulong)seed, servers) < 40_000);
        Assert.InRange(quick, 1, Seeds - 1); // the others paid a wait for a server that was tried before
    }

    [Fact]
    public void The_start_gives_up_by_name_where_none_of_several_servers_is_there()
    {
        var cluster = new SimCluster(1);
        cluster.World.AddMachine("dead");
        CoordinationException? refused = null;
        cluster.Client("client", async node =>
        {
            var client = new CoordinationClient(node, new CoordinationClientOptions("dead:2181,nowhere:2181/kafka") { StartTimeout = TimeSpan.FromSeconds(7) });
            refused = await Integration.CoordinationCase.Fails(client.Start());
            await new LoopPromise<Nothing>().Task;
        });
        cluster.RunUntil(() => refused is not null, 10);
        Assert.Equal(CoordinationError.ConnectionLoss, refused!.Error);
        Assert.Contains("'dead:2181,nowhere:2181/kafka'", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>How the server in use goes: it says so, or it falls silent and the client has to find out; and so may the one that is tried next.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(true, 3)]
    public void A_session_goes_on_at_another_address_with_its_ephemerals_and_watches(bool silently, ulong seed)
    {
        var cluster = new SimCluster(seed);
        List<SimRelay> relays = [.. new[] { "a", "b", "c" }.Select(name => new SimRelay(cluster.World, name, cluster.Options.Endpoint))];
        var guest = new Guest(string.Join(',', relays.Select(r => r.Address)) + "/kafka");
        cluster.RunFor(1); // all of them serve before the client chooses
        var machine = cluster.Client("client", guest.Run);
        cluster.RunUntil(() => guest.IsReady, 10);

        // Of three addresses only one is left that has never been used.
        var used = relays.Single(r => r.Taken > 0);
        var others = relays.Where(r => r != used).ToList();
        Drop(used);
        Drop(others[0]);
        cluster.Client("changing", async node =>
        {
            var other = new CoordinationClient(node, SimCluster.ClientOptions with { ConnectString = "server:2181/kafka" });
            await other.Start();
            await other.SetData("/watched", [1]);
            await new LoopPromise<Nothing>().Task;
        });
        cluster.RunUntil(() => guest.Heard.Count == 1 && others[1].Taken > 0, s_session.TotalSeconds);
        var writes = guest.Writes;
        cluster.RunFor(2 * s_session.TotalSeconds);

        Assert.True(guest.Writes > writes + 10, $"{guest.Writes - writes} writes went on.");
        Assert.Equal(0, guest.Expiries);
        Assert.Equal((CoordinationState.Connected, guest.FirstSession), (guest.Client!.State, guest.Client.SessionId));
        Assert.Equal([new WatchEvent(WatchEventType.NodeDataChanged, "/watched")], guest.Heard);
        Assert.Equal(guest.FirstSession, cluster.Running.Tree!.StatOf("/kafka/mine")?.EphemeralOwner);

        void Drop(SimRelay relay)
        {
            if (!silently)
            {
                relay.Machine.Crash();
                return;
            }

            cluster.World.Network.Block(machine, relay.Machine);
            cluster.World.Network.Block(relay.Machine, machine);
        }
    }

    [Fact]
    public void A_server_that_is_behind_what_the_client_has_seen_gets_no_session()
    {
        var cluster = new SimCluster(5);
        var guest = new Guest("server:2181,behind:2181/kafka");
        cluster.Client("client", guest.Run);
        cluster.RunUntil(() => guest.IsReady, 10);
        CoordinationServer? behind = null;
        cluster.World.AddMachine("behind").Start(async node =>
        {
            behind = new CoordinationServer(node, new CoordinationServerOptions(new Endpoint("behind", 2181), SimCluster.Directory));
            await behind.Start();
            await new LoopPromise<Nothing>().Task;
        });
        cluster.RunFor(1);
        cluster.Server.Crash();
        cluster.RunFor(2);
        Assert.Equal(CoordinationState.Connecting, guest.Client!.State);
        Assert.Equal(0, behind!.SessionCount);
        cluster.Server.Restart();
        var writes = guest.Writes;
        cluster.RunUntil(() => guest.Writes > writes + 10, s_session.TotalSeconds);
        Assert.Equal((0, guest.FirstSession, 0), (guest.Expiries, guest.Client.SessionId, behind.SessionCount));
    }

    /// <summary>Works through a client with these servers and gives how long its start took.</summary>
    private static long StartMicros(ulong seed, string servers)
    {
        var cluster = new SimCluster(seed);
        cluster.World.AddMachine("dead");
        var (took, done) = (0L, false);
        cluster.RunFor(1);
        cluster.Client("client", async node =>
        {
            var client = new CoordinationClient(node, SimCluster.ClientOptions with { ConnectString = servers });
            var begun = cluster.World.NowMicros;
            await client.Start();
            took = cluster.World.NowMicros - begun;
            await client.EnsureRoot();
            Assert.Equal("/here", await client.Create("/here", [7]));
            var outside = new CoordinationClient(node, SimCluster.ClientOptions);
            await outside.Start();
            Assert.Equal([7], (await outside.GetData(ConnectString.Parse(servers).Chroot + "/here")).Data);
            done = true;
            await new LoopPromise<Nothing>().Task;
        });
        cluster.RunUntil(() => done, 20);
        return took;
    }

    /// <summary>A client with an ephemeral znode, a watch, and a write every tenth of a second.</summary>
    private sealed class Guest(string servers)
    {
        public CoordinationClient? Client { get; private set; }

        public bool IsReady { get; private set; }

        public long FirstSession { get; private set; }

        public int Expiries { get; private set; }

        public int Writes { get; private set; }

        public List<WatchEvent> Heard { get; } = [];

        public async LoopTask Run(Node node)
        {
            Client = new CoordinationClient(node, SimCluster.ClientOptions with { ConnectString = servers, SessionTimeout = s_session });
            Client.Expired += () => Expiries++;
            await Client.Start();
            await Client.EnsureRoot();
            FirstSession = Client.SessionId;
            await Client.Create("/mine", [], CreateMode.Ephemeral);
            await Client.Create("/watched", []);
            await Client.Create("/written", []);
            await Client.GetData("/watched", Heard.Add);
            IsReady = true;
            while (true)
            {
                await node.Clock.Delay(TimeSpan.FromMilliseconds(100));
                try
                {
                    await Client.SetData("/written", [1]);
                    Writes++;
                }
                catch (CoordinationException e) when (e.Error == CoordinationError.ConnectionLoss)
                {
                    // Done or not: another follows.
                }
            }
        }
    }
}
