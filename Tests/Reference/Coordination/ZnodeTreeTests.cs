using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Reference.Coordination;
using Reference.Coordination.Jute;
using Reference.Coordination.Tree;
using Xunit;

namespace Tests.Reference.Coordination;

public class ZnodeTreeTests
{
    private static readonly string[] s_paths = ["/a", "/b", "/a/x", "/a/y", "/b/x", "/a/x/z"];

    [Fact]
    public void Any_run_of_changes_gives_what_the_naive_store_gives() =>
        Prop.ForAll(Changes().ArrayOf().ToArbitrary(), changes =>
        {
            var (tree, naive) = (new ZnodeTree(), new NaiveStore());
            foreach (var (session, change) in changes)
            {
                if (change is OpenSessionChange && tree.HasSession(session)) continue;
                var transaction = new Transaction(tree.LastZxid + 1, 1000 + tree.LastZxid, session, change);
                Assert.Equal(naive.Apply(transaction), tree.Apply(transaction).Error);
                AssertSame(naive, tree);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_log_and_a_snapshot_give_the_same_tree_again() =>
        Prop.ForAll(Changes().ArrayOf().ToArbitrary(), changes =>
        {
            var (tree, replayed) = (new ZnodeTree(), new ZnodeTree());
            foreach (var (session, change) in changes)
            {
                if (change is OpenSessionChange && tree.HasSession(session)) continue;
                var transaction = new Transaction(tree.LastZxid + 1, 1000 + tree.LastZxid, session, change);
                if (tree.Apply(transaction).Error != CoordinationError.Ok) continue;
                var writer = new JuteWriter();
                TransactionCodec.Write(writer, transaction);
                var reader = new JuteReader(writer.Written.Span);
                Assert.Equal(CoordinationError.Ok, replayed.Apply(TransactionCodec.Read(ref reader)).Error);
            }

            var snapshotReader = new JuteReader(Snapshot(tree));
            Assert.Equal(Snapshot(tree), Snapshot(replayed));
            Assert.Equal(Snapshot(tree), Snapshot(TreeSnapshot.Read(ref snapshotReader)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sequential_numbers_count_creations_and_are_never_used_again()
    {
        var tree = new ZnodeTree();
        Assert.Equal("/n0000000000", Create(tree, "/n", CreateMode.PersistentSequential));
        Assert.Equal("/n0000000001", Create(tree, "/n", CreateMode.PersistentSequential));
        Apply(tree, new DeleteOp("/n0000000001", -1));
        Assert.Equal("/n0000000002", Create(tree, "/n", CreateMode.PersistentSequential));
        Assert.Equal(4, tree.StatOf("/")!.Value.Cversion);
    }

    [Fact]
    public void A_failed_multi_changes_nothing_and_tells_which_operation_failed()
    {
        var tree = new ZnodeTree();
        Create(tree, "/a", CreateMode.Persistent);
        var before = Snapshot(tree);
        var result = tree.Apply(new Transaction(tree.LastZxid + 1, 5, 0, new MultiChange(
        [
            new CreateOp("/a/b", [], CreateMode.Persistent), new SetDataOp("/a", [1], 0), new CheckOp("/a", 7), new DeleteOp("/a", -1),
        ])));
        Assert.Equal(
            [CoordinationError.Ok, CoordinationError.Ok, CoordinationError.BadVersion, CoordinationError.RuntimeInconsistency],
            result.Results.Select(r => r.Error));
        Assert.Empty(result.Events);
        Assert.Equal(before, Snapshot(tree));
    }

    [Fact]
    public void Closing_a_session_deletes_its_ephemerals_and_nothing_else()
    {
        var tree = new ZnodeTree();
        foreach (var session in new[] { 1L, 2L }) tree.Apply(new Transaction(tree.LastZxid + 1, 1, session, new OpenSessionChange(1000, new byte[16])));
        tree.Apply(new Transaction(tree.LastZxid + 1, 1, 1, new SingleChange(new CreateOp("/mine", [], CreateMode.Ephemeral))));
        tree.Apply(new Transaction(tree.LastZxid + 1, 1, 2, new SingleChange(new CreateOp("/theirs", [], CreateMode.Ephemeral))));
        var closed = tree.Apply(new Transaction(tree.LastZxid + 1, 1, 1, new CloseSessionChange()));
        Assert.Equal(
            [new WatchEvent(WatchEventType.NodeDeleted, "/mine"), new WatchEvent(WatchEventType.NodeChildrenChanged, "/")], closed.Events);
        Assert.False(tree.Exists("/mine"));
        Assert.True(tree.Exists("/theirs"));
        Assert.False(tree.HasSession(1));
    }

    private static Gen<(long Session, StoreChange Change)> Changes()
    {
        var version = Gen.Elements(-1, -1, 0, 1);
        var path = Gen.Elements(s_paths);
        var mode = Gen.Elements(CreateMode.Persistent, CreateMode.Persistent, CreateMode.Ephemeral, CreateMode.PersistentSequential, CreateMode.EphemeralSequential);
        var op = Gen.Frequency(
            (4, from p in path from m in mode from size in Gen.Choose(0, 3) select (CoordinationOp)new CreateOp(p, new byte[size], m)),
            (2, from p in path from v in version select (CoordinationOp)new DeleteOp(p, v)),
            (2, from p in path from v in version from size in Gen.Choose(0, 3) select (CoordinationOp)new SetDataOp(p, new byte[size], v)),
            (1, from p in path from v in version select (CoordinationOp)new CheckOp(p, v)));
        var change = Gen.Frequency(
            (12, op.Select(o => (StoreChange)new SingleChange(o))),
            (3, op.NonEmptyListOf().Select(ops => (StoreChange)new MultiChange(ops.Take(4).ToList()))),
            (2, Gen.Constant((StoreChange)new OpenSessionChange(1000, new byte[16]))),
            (1, Gen.Constant((StoreChange)new CloseSessionChange())));
        return from session in Gen.Choose(1, 3) from c in change select ((long)session, c);
    }

    private static void AssertSame(NaiveStore naive, ZnodeTree tree)
    {
        Assert.Equal(naive.LastZxid, tree.LastZxid);
        Assert.Equal(naive.Nodes.Count, tree.NodeCount);
        Assert.Equal(naive.Sessions.Order(), tree.SessionIds);
        foreach (var path in naive.Nodes.Keys)
        {
            Assert.Equal(naive.StatOf(path), tree.StatOf(path));
            Assert.Equal(naive.ChildrenOf(path), tree.ChildrenOf(path)!.Value.Names);
        }
    }

    private static byte[] Snapshot(ZnodeTree tree)
    {
        var writer = new JuteWriter();
        TreeSnapshot.Write(writer, tree);
        return writer.Written.ToArray();
    }

    private static string Create(ZnodeTree tree, string path, CreateMode mode) => Apply(tree, new CreateOp(path, [], mode)).Path!;

    private static OpResult Apply(ZnodeTree tree, CoordinationOp op)
    {
        var result = tree.Apply(new Transaction(tree.LastZxid + 1, 5, 0, new SingleChange(op))).Results[0];
        Assert.Equal(CoordinationError.Ok, result.Error);
        return result;
    }
}
