using System;
using System.Collections.Generic;

namespace Reference.Coordination.Tree;

/// <summary>The operations of one transaction on the tree, with the events they cause and the way back.</summary>
internal sealed class TreeChange(Dictionary<string, Znode> nodes, SortedDictionary<long, SessionEntry> sessions, Transaction transaction)
{
    private readonly List<WatchEvent> _events = [];
    private readonly Stack<Action> _undo = new();

    public IReadOnlyList<WatchEvent> Events => _events;

    public OpResult Apply(CoordinationOp op) => op switch
    {
        CreateOp create => Create(create),
        DeleteOp delete => Delete(delete),
        SetDataOp set => SetData(set),
        CheckOp check => Check(check),
        SetAclOp acl => SetAcl(acl),
        _ => throw new InvalidOperationException($"Unknown operation {op.GetType().Name}."),
    };

    /// <summary>Takes back what was applied, last first.</summary>
    public void Undo()
    {
        while (_undo.TryPop(out var step)) step();
        _events.Clear();
    }

    private OpResult Create(CreateOp op)
    {
        if (!ZnodePath.IsValid(op.Mode.IsSequential() ? op.Path + "1" : op.Path) || !op.Mode.IsKnown())
        {
            return new OpResult(CoordinationError.BadArguments);
        }

        SessionEntry? owner = null;
        if (op.Mode.IsEphemeral() && !sessions.TryGetValue(transaction.SessionId, out owner))
        {
            return new OpResult(CoordinationError.SessionExpired);
        }

        if (op.Path == ZnodePath.Root) return new OpResult(CoordinationError.NodeExists);
        var parentPath = ZnodePath.ParentOf(op.Path);
        if (!nodes.TryGetValue(parentPath, out var parent)) return new OpResult(CoordinationError.NoNode);
        var path = op.Mode.IsSequential() ? ZnodePath.WithSequence(op.Path, parent.ChildrenCreated) : op.Path;
        if (nodes.ContainsKey(path)) return new OpResult(CoordinationError.NodeExists);
        if (parent.EphemeralOwner != 0) return new OpResult(CoordinationError.NoChildrenForEphemerals);

        var node = new Znode
        {
            Data = op.Data,
            Czxid = transaction.Zxid,
            Mzxid = transaction.Zxid,
            Pzxid = transaction.Zxid,
            Ctime = transaction.TimeMillis,
            Mtime = transaction.TimeMillis,
            EphemeralOwner = owner is null ? 0 : transaction.SessionId,
        };
        Attach(path, node, parent, owner);
        _events.Add(new WatchEvent(WatchEventType.NodeCreated, path));
        _events.Add(new WatchEvent(WatchEventType.NodeChildrenChanged, parentPath));
        return new OpResult(CoordinationError.Ok, path, node.Stat);
    }

    private void Attach(string path, Znode node, Znode parent, SessionEntry? owner)
    {
        var name = ZnodePath.NameOf(path);
        var oldPzxid = parent.Pzxid;
        nodes.Add(path, node);
        parent.Children.Add(name);
        parent.ChildrenCreated = unchecked(parent.ChildrenCreated + 1);
        parent.Pzxid = transaction.Zxid;
        owner?.Ephemerals.Add(path);
        _undo.Push(() =>
        {
            nodes.Remove(path);
            parent.Children.Remove(name);
            parent.ChildrenCreated = unchecked(parent.ChildrenCreated - 1);
            parent.Pzxid = oldPzxid;
            owner?.Ephemerals.Remove(path);
        });
    }

    private OpResult Delete(DeleteOp op)
    {
        if (!ZnodePath.IsValid(op.Path) || op.Path == ZnodePath.Root) return new OpResult(CoordinationError.BadArguments);
        if (!nodes.TryGetValue(op.Path, out var node)) return new OpResult(CoordinationError.NoNode);
        if (!Matches(op.ExpectedVersion, node.Version)) return new OpResult(CoordinationError.BadVersion);
        if (node.Children.Count > 0) return new OpResult(CoordinationError.NotEmpty);

        var parentPath = ZnodePath.ParentOf(op.Path);
        Detach(op.Path, node, nodes[parentPath]);
        _events.Add(new WatchEvent(WatchEventType.NodeDeleted, op.Path));
        _events.Add(new WatchEvent(WatchEventType.NodeChildrenChanged, parentPath));
        return new OpResult(CoordinationError.Ok);
    }

    private void Detach(string path, Znode node, Znode parent)
    {
        var name = ZnodePath.NameOf(path);
        var oldPzxid = parent.Pzxid;
        var owner = node.EphemeralOwner != 0 ? sessions[node.EphemeralOwner] : null;
        nodes.Remove(path);
        parent.Children.Remove(name);
        parent.Pzxid = transaction.Zxid;
        owner?.Ephemerals.Remove(path);
        _undo.Push(() =>
        {
            nodes.Add(path, node);
            parent.Children.Add(name);
            parent.Pzxid = oldPzxid;
            owner?.Ephemerals.Add(path);
        });
    }

    private OpResult SetData(SetDataOp op)
    {
        if (!ZnodePath.IsValid(op.Path)) return new OpResult(CoordinationError.BadArguments);
        if (!nodes.TryGetValue(op.Path, out var node)) return new OpResult(CoordinationError.NoNode);
        if (!Matches(op.ExpectedVersion, node.Version)) return new OpResult(CoordinationError.BadVersion);

        var (data, version, mzxid, mtime) = (node.Data, node.Version, node.Mzxid, node.Mtime);
        _undo.Push(() => (node.Data, node.Version, node.Mzxid, node.Mtime) = (data, version, mzxid, mtime));
        node.Data = op.Data;
        node.Version = unchecked(version + 1);
        node.Mzxid = transaction.Zxid;
        node.Mtime = transaction.TimeMillis;
        _events.Add(new WatchEvent(WatchEventType.NodeDataChanged, op.Path));
        return new OpResult(CoordinationError.Ok, null, node.Stat);
    }

    private OpResult Check(CheckOp op)
    {
        if (!ZnodePath.IsValid(op.Path)) return new OpResult(CoordinationError.BadArguments);
        if (!nodes.TryGetValue(op.Path, out var node)) return new OpResult(CoordinationError.NoNode);
        return new OpResult(Matches(op.ExpectedVersion, node.Version) ? CoordinationError.Ok : CoordinationError.BadVersion);
    }

    private OpResult SetAcl(SetAclOp op)
    {
        if (!ZnodePath.IsValid(op.Path)) return new OpResult(CoordinationError.BadArguments);
        if (!nodes.TryGetValue(op.Path, out var node)) return new OpResult(CoordinationError.NoNode);
        if (!Matches(op.ExpectedVersion, node.Aversion)) return new OpResult(CoordinationError.BadVersion);

        var aversion = node.Aversion;
        _undo.Push(() => node.Aversion = aversion);
        node.Aversion = unchecked(aversion + 1);
        return new OpResult(CoordinationError.Ok, null, node.Stat);
    }

    private static bool Matches(int expected, int actual) => expected == CoordinationOp.AnyVersion || expected == actual;
}
