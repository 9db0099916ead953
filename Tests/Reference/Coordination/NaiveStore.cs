using System;
using System.Collections.Generic;
using System.Linq;
using Reference.Coordination;
using Reference.Coordination.Tree;

namespace Tests.Reference.Coordination;

/// <summary>
/// The store said as plainly as possible: an immutable-by-copy dictionary of nodes, everything else derived. Slow and obvious.
/// </summary>
internal sealed class NaiveStore
{
    public Dictionary<string, Entry> Nodes { get; private set; } = new() { ["/"] = new Entry("", 0, 0, 0, 0, 0, 0, 0, 0) };

    public HashSet<long> Sessions { get; private set; } = [];

    public long LastZxid { get; private set; }

    public CoordinationError Apply(Transaction transaction)
    {
        var (nodes, sessions) = (new Dictionary<string, Entry>(Nodes), new HashSet<long>(Sessions));
        var error = CoordinationError.Ok;
        switch (transaction.Change)
        {
            case OpenSessionChange:
                Sessions.Add(transaction.SessionId);
                break;
            case CloseSessionChange:
                if (!Sessions.Contains(transaction.SessionId)) return CoordinationError.SessionExpired;
                foreach (var path in Nodes.Where(n => n.Value.Owner == transaction.SessionId).Select(n => n.Key).ToList()) Remove(path, transaction);
                Sessions.Remove(transaction.SessionId);
                break;
            case SingleChange single:
                error = Apply(single.Op, transaction);
                break;
            case MultiChange multi:
                error = multi.Ops.Select(op => Apply(op, transaction)).FirstOrDefault(e => e != CoordinationError.Ok, CoordinationError.Ok);
                break;
        }

        if (error == CoordinationError.Ok) LastZxid = transaction.Zxid;
        else (Nodes, Sessions) = (nodes, sessions);
        return error;
    }

    public IEnumerable<string> ChildrenOf(string path) =>
        Nodes.Keys.Where(p => p != "/" && Parent(p) == path).Select(p => p[(p.LastIndexOf('/') + 1)..]).Order(StringComparer.Ordinal);

    public ZnodeStat StatOf(string path)
    {
        var node = Nodes[path];
        var children = ChildrenOf(path).Count();
        return new ZnodeStat(node.Czxid, node.Mzxid, node.Ctime, node.Mtime, node.Version, node.Created + (node.Created - children), 0, node.Owner, node.Data.Length, children, node.Pzxid);
    }

    private CoordinationError Apply(CoordinationOp op, Transaction transaction)
    {
        if (op is CreateOp create) return Create(create, transaction);
        if (!Nodes.TryGetValue(op.Path, out var node)) return CoordinationError.NoNode;
        var version = op switch { DeleteOp d => d.ExpectedVersion, SetDataOp s => s.ExpectedVersion, CheckOp c => c.ExpectedVersion, _ => throw new InvalidOperationException() };
        if (op is DeleteOp && op.Path == "/") return CoordinationError.BadArguments;
        if (version != -1 && version != node.Version) return CoordinationError.BadVersion;
        if (op is SetDataOp set)
        {
            Nodes[op.Path] = node with { Data = Text(set.Data), Version = node.Version + 1, Mzxid = transaction.Zxid, Mtime = transaction.TimeMillis };
        }

        if (op is not DeleteOp) return CoordinationError.Ok;
        if (ChildrenOf(op.Path).Any()) return CoordinationError.NotEmpty;
        Remove(op.Path, transaction);
        return CoordinationError.Ok;
    }

    private CoordinationError Create(CreateOp op, Transaction transaction)
    {
        if (op.Mode.IsEphemeral() && !Sessions.Contains(transaction.SessionId)) return CoordinationError.SessionExpired;
        if (!Nodes.TryGetValue(Parent(op.Path), out var parent)) return CoordinationError.NoNode;
        var path = op.Path + (op.Mode.IsSequential() ? $"{parent.Created:D10}" : "");
        if (Nodes.ContainsKey(path)) return CoordinationError.NodeExists;
        if (parent.Owner != 0) return CoordinationError.NoChildrenForEphemerals;
        var (zxid, time) = (transaction.Zxid, transaction.TimeMillis);
        Nodes[Parent(op.Path)] = parent with { Created = parent.Created + 1, Pzxid = zxid };
        Nodes[path] = new Entry(Text(op.Data), zxid, zxid, zxid, time, time, 0, op.Mode.IsEphemeral() ? transaction.SessionId : 0, 0);
        return CoordinationError.Ok;
    }

    private void Remove(string path, Transaction transaction)
    {
        Nodes.Remove(path);
        Nodes[Parent(path)] = Nodes[Parent(path)] with { Pzxid = transaction.Zxid };
    }

    private static string Parent(string path) => path.LastIndexOf('/') == 0 ? "/" : path[..path.LastIndexOf('/')];

    private static string Text(byte[] data) => System.Text.Encoding.Latin1.GetString(data);

    internal sealed record Entry(string Data, long Czxid, long Mzxid, long Pzxid, long Ctime, long Mtime, int Version, long Owner, int Created);
}
