using System.Collections.Generic;
using System.Linq;
using Reference.Coordination;
using Simulator.Platform;
using Xunit;

namespace Tests.Reference.Coordination.Integration;

/// <summary>What a coordination store does for its clients; each case is run against the embedded server and against Apache ZooKeeper.</summary>
internal static class CoordinationContract
{
    public static async LoopTask A_znode_is_created_read_set_and_deleted(CoordinationCase at)
    {
        var client = await at.Client();
        Assert.Equal("/a", await client.Create("/a", [1, 2]));
        var (data, created) = await client.GetData("/a");
        Assert.Equal([1, 2], data);
        Assert.Equal((0, 0L, 2, 0), (created.Version, created.EphemeralOwner, created.DataLength, created.NumChildren));
        Assert.Equal((created.Czxid, created.Czxid, created.Ctime), (created.Mzxid, created.Pzxid, created.Mtime));

        var set = await client.SetData("/a", [3], expectedVersion: 0);
        Assert.Equal((1, 1, created.Czxid), (set.Version, set.DataLength, set.Czxid));
        Assert.True(set.Mzxid > created.Mzxid);
        Assert.Equal(set, await client.Exists("/a"));

        await client.Sync("/a");
        await client.Delete("/a", expectedVersion: 1);
        Assert.Null(await client.Exists("/a"));
        await client.Close();
        Assert.Equal(CoordinationState.Closed, client.State);
    }

    public static async LoopTask Wrong_requests_get_their_own_errors(CoordinationCase at)
    {
        var client = await at.Client();
        await client.Create("/a", []);
        await client.Create("/a/b", []);
        await client.Create("/e", [], CreateMode.Ephemeral);
        await CoordinationCase.FailsWith(CoordinationError.NodeExists, client.Create("/a", []).AsVoid());
        await CoordinationCase.FailsWith(CoordinationError.NoNode, client.Create("/no/child", []).AsVoid());
        await CoordinationCase.FailsWith(CoordinationError.NoChildrenForEphemerals, client.Create("/e/child", []).AsVoid());
        await CoordinationCase.FailsWith(CoordinationError.NoNode, client.GetData("/no").AsVoid());
        await CoordinationCase.FailsWith(CoordinationError.NoNode, client.GetChildren("/no").AsVoid());
        await CoordinationCase.FailsWith(CoordinationError.NoNode, client.SetData("/no", []).AsVoid());
        await CoordinationCase.FailsWith(CoordinationError.NoNode, client.Delete("/no"));
        await CoordinationCase.FailsWith(CoordinationError.NotEmpty, client.Delete("/a"));
        await CoordinationCase.FailsWith(CoordinationError.BadVersion, client.Delete("/a/b", 5));
        await CoordinationCase.FailsWith(CoordinationError.BadVersion, client.SetData("/a", [], 5).AsVoid());
        await client.Close();
    }

    public static async LoopTask Children_are_listed_and_counted(CoordinationCase at)
    {
        var client = await at.Client();
        foreach (var name in (string[])["/p", "/p/b", "/p/a", "/p/c"]) await client.Create(name, []);
        await client.Delete("/p/c");
        var (names, stat) = await client.GetChildren("/p");
        Assert.Equal(["a", "b"], names);
        Assert.Equal((2, 4, 0), (stat.NumChildren, stat.Cversion, stat.Version));
        Assert.True(stat.Pzxid > stat.Mzxid);
        await client.Close();
    }

    public static async LoopTask Sequential_znodes_are_numbered_by_their_parent(CoordinationCase at)
    {
        var client = await at.Client();
        await client.Create("/q", []);
        Assert.Equal("/q/n0000000000", await client.Create("/q/n", [], CreateMode.PersistentSequential));
        Assert.Equal("/q/0000000001", await client.Create("/q/", [], CreateMode.EphemeralSequential));
        await client.Delete("/q/n0000000000");
        Assert.Equal("/q/m0000000002", await client.Create("/q/m", [], CreateMode.PersistentSequential));
        await client.Close();
    }

    public static async LoopTask An_ephemeral_znode_goes_with_its_session(CoordinationCase at)
    {
        var (owner, other) = (await at.Client(), await at.Client());
        await owner.Create("/e", [], CreateMode.Ephemeral);
        var gone = at.Watch(out var watcher);
        Assert.Equal(owner.SessionId, (await other.Exists("/e", watcher))!.Value.EphemeralOwner);
        await owner.Close();
        Assert.Equal(new WatchEvent(WatchEventType.NodeDeleted, "/e"), await gone.Receive());
        Assert.Null(await other.Exists("/e"));
        await CoordinationCase.FailsWith(CoordinationError.SessionExpired, owner.Exists("/e").AsVoid());
        await other.Close();
    }

    public static async LoopTask A_multi_is_all_or_nothing(CoordinationCase at)
    {
        var client = await at.Client();
        await client.Create("/v", [1]);
        var results = await client.Multi(
        [
            CoordinationOp.Check("/v", 0),
            CoordinationOp.Create("/n", [7], CreateMode.PersistentSequential),
            CoordinationOp.SetData("/v", [2, 3], 0),
            CoordinationOp.Create("/gone", []),
            CoordinationOp.Delete("/gone"),
        ]);
        Assert.Equal(5, results.Count);
        Assert.StartsWith("/n00000", results[1].Path);
        Assert.Equal((1, 2), (results[2].Stat!.Value.Version, results[2].Stat!.Value.DataLength));

        var failed = await CoordinationCase.Fails(client.Multi(
        [
            CoordinationOp.SetData("/v", [9]), CoordinationOp.Check("/v", 0), CoordinationOp.Create("/never", []),
        ]).AsVoid());
        Assert.Equal((CoordinationError.BadVersion, 1, false), (failed.Error, failed.FailedOperation, failed.OutcomeUnknown));
        Assert.Equal([2, 3], (await client.GetData("/v")).Data);
        Assert.Null(await client.Exists("/never"));
        await client.Close();
    }

    public static async LoopTask Watches_fire_once_and_before_the_change_is_seen(CoordinationCase at)
    {
        var client = await at.Client();
        await client.Create("/w", []);
        var (data, existence, children) = (at.Watch(out var onData), at.Watch(out var onExistence), at.Watch(out var onChildren));
        await client.GetData("/w", onData);
        await client.Exists("/w/c", onExistence);
        await client.GetChildren("/w", onChildren);

        await client.SetData("/w", [1]);
        Assert.Equal(new WatchEvent(WatchEventType.NodeDataChanged, "/w"), Only(data));
        await client.Create("/w/c", []);
        Assert.Equal(new WatchEvent(WatchEventType.NodeCreated, "/w/c"), Only(existence));
        Assert.Equal(new WatchEvent(WatchEventType.NodeChildrenChanged, "/w"), Only(children));

        await client.SetData("/w", [2]);
        await client.Delete("/w/c");
        Assert.Equal((0, 0, 0), (data.Count, existence.Count, children.Count));
        await client.Close();
    }

    public static async LoopTask A_watcher_hears_of_another_session(CoordinationCase at)
    {
        var (writer, reader) = (await at.Client(), await at.Client());
        await writer.Create("/s", [0]);
        await reader.Sync("/s");
        for (byte i = 1; i <= 5; i++)
        {
            var heard = at.Watch(out var watcher);
            Assert.Equal([(byte)(i - 1)], (await reader.GetData("/s", watcher)).Data);
            await writer.SetData("/s", [i]);
            Assert.Equal(new WatchEvent(WatchEventType.NodeDataChanged, "/s"), await heard.Receive());
        }

        await writer.Close();
        await reader.Close();
    }

    public static async LoopTask Requests_of_a_session_take_effect_in_order(CoordinationCase at)
    {
        var client = await at.Client();
        await client.Create("/o", []);
        var sets = new List<LoopTask<ZnodeStat>>();
        for (byte i = 0; i < 100; i++) sets.Add(client.SetData("/o", [i], expectedVersion: i));
        var last = client.GetData("/o");
        for (var i = 0; i < sets.Count; i++) Assert.Equal(i + 1, (await sets[i]).Version);
        Assert.Equal([99], (await last).Data);
        await client.Close();
    }

    public static async LoopTask Large_data_come_back_whole(CoordinationCase at)
    {
        var client = await at.Client();
        var data = Enumerable.Range(0, 900_000).Select(i => (byte)(i * 7)).ToArray();
        await client.Create("/large", data);
        Assert.Equal(data, (await client.GetData("/large")).Data);
        await client.Close();
    }

    private static WatchEvent Only(LoopMailbox<WatchEvent> heard)
    {
        Assert.True(heard.TryReceive(out var first), "The watch had not fired when the change was answered.");
        Assert.Equal(0, heard.Count);
        return first;
    }
}
