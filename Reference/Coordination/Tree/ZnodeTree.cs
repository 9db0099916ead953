using System;
using System.Collections.Generic;

namespace Reference.Coordination.Tree;

/// <summary>
/// The store's state machine: znodes and sessions, changed by transactions only. It reads no clock and draws nothing, so a log
/// replayed gives the same tree.
/// </summary>
public sealed class ZnodeTree
{
    private static readonly IReadOnlyList<OpResult> s_noResults = [];
    private static readonly IReadOnlyList<WatchEvent> s_noEvents = [];

    private readonly Dictionary<string, Znode> _nodes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, SessionEntry> _sessions = [];

    /// <summary>An empty store: only the root.</summary>
    public ZnodeTree() =>
        _nodes.Add(ZnodePath.Root, new Znode { Data = [], Czxid = 0, Ctime = 0, EphemeralOwner = 0 });

    /// <summary>The last transaction applied.</summary>
    public long LastZxid { get; internal set; }

    /// <summary>Number of znodes, the root included.</summary>
    public int NodeCount => _nodes.Count;

    /// <summary>Ids of the open sessions, ascending.</summary>
    public IReadOnlyCollection<long> SessionIds => _sessions.Keys;

    internal IReadOnlyDictionary<string, Znode> Nodes => _nodes;

    internal IReadOnlyDictionary<long, SessionEntry> Sessions => _sessions;

    /// <summary>Applies a transaction wholly, or not at all and tells why. A failed one leaves <see cref="LastZxid"/> as it was.</summary>
    /// <exception cref="InvalidOperationException">Its zxid is not the successor of the last.</exception>
    public TransactionResult Apply(Transaction transaction)
    {
        if (transaction.Zxid != LastZxid + 1)
        {
            throw new InvalidOperationException($"Transaction {transaction.Zxid} cannot follow {LastZxid}.");
        }

        var change = new TreeChange(_nodes, _sessions, transaction);
        var result = transaction.Change switch
        {
            SingleChange single => Outcome([change.Apply(single.Op)], change),
            MultiChange multi => ApplyMulti(multi.Ops, change),
            OpenSessionChange open => OpenSession(transaction.SessionId, open),
            CloseSessionChange => CloseSession(transaction.SessionId, change),
            _ => throw new InvalidOperationException($"Unknown change {transaction.Change.GetType().Name}."),
        };
        if (result.Error == CoordinationError.Ok) LastZxid = transaction.Zxid;
        return result;
    }

    /// <summary>True if the znode is there.</summary>
    public bool Exists(string path) => _nodes.ContainsKey(path);

    /// <summary>A znode's stat, or null.</summary>
    public ZnodeStat? StatOf(string path) => _nodes.TryGetValue(path, out var node) ? node.Stat : null;

    /// <summary>A znode's data (not to be changed) and stat, or null.</summary>
    public ZnodeData? DataOf(string path) => _nodes.TryGetValue(path, out var node) ? new ZnodeData(node.Data, node.Stat) : null;

    /// <summary>Names of a znode's children in ordinal order, and its stat, or null.</summary>
    public ZnodeChildren? ChildrenOf(string path) =>
        _nodes.TryGetValue(path, out var node) ? new ZnodeChildren([.. node.Children], node.Stat) : null;

    /// <summary>True if the session is open.</summary>
    public bool HasSession(long sessionId) => _sessions.ContainsKey(sessionId);

    /// <summary>The negotiated timeout of an open session in milliseconds, or null.</summary>
    public int? TimeoutOf(long sessionId) => _sessions.TryGetValue(sessionId, out var session) ? session.TimeoutMillis : null;

    /// <summary>True if the session is open and that is its password.</summary>
    public bool IsPassword(long sessionId, ReadOnlySpan<byte> password) =>
        _sessions.TryGetValue(sessionId, out var session) && password.SequenceEqual(session.Password);

    /// <summary>Paths of a session's ephemeral znodes in ordinal order.</summary>
    public IReadOnlyList<string> EphemeralsOf(long sessionId) =>
        _sessions.TryGetValue(sessionId, out var session) ? [.. session.Ephemerals] : [];

    internal void Restore(string path, Znode node)
    {
        _nodes[path] = node;
        if (path != ZnodePath.Root) _nodes[ZnodePath.ParentOf(path)].Children.Add(ZnodePath.NameOf(path));
        if (node.EphemeralOwner != 0) _sessions[node.EphemeralOwner].Ephemerals.Add(path);
    }

    internal void Restore(long sessionId, SessionEntry session) => _sessions[sessionId] = session;

    private static TransactionResult Outcome(IReadOnlyList<OpResult> results, TreeChange change) =>
        new(results[0].Error, results, change.Events);

    private static TransactionResult ApplyMulti(IReadOnlyList<CoordinationOp> ops, TreeChange change)
    {
        var results = new List<OpResult>(ops.Count);
        foreach (var op in ops)
        {
            var result = change.Apply(op);
            results.Add(result);
            if (result.Error == CoordinationError.Ok) continue;
            change.Undo();
            return new TransactionResult(result.Error, FailedMulti(ops.Count, results.Count - 1, result.Error), s_noEvents);
        }

        return new TransactionResult(CoordinationError.Ok, results, change.Events);
    }

    /// <summary>The results of a failed multi: Ok before the operation that failed, RuntimeInconsistency after it.</summary>
    public static IReadOnlyList<OpResult> FailedMulti(int count, int failed, CoordinationError error)
    {
        var results = new OpResult[count];
        for (var i = 0; i < count; i++)
        {
            results[i] = new OpResult(i < failed ? CoordinationError.Ok : i == failed ? error : CoordinationError.RuntimeInconsistency);
        }

        return results;
    }

    private TransactionResult OpenSession(long sessionId, OpenSessionChange open)
    {
        if (sessionId == 0 || !_sessions.TryAdd(sessionId, new SessionEntry(open.TimeoutMillis, open.Password)))
        {
            throw new InvalidOperationException($"Session {sessionId:x} is open already.");
        }

        return new TransactionResult(CoordinationError.Ok, s_noResults, s_noEvents);
    }

    private TransactionResult CloseSession(long sessionId, TreeChange change)
    {
        if (!_sessions.TryGetValue(sessionId, out var session))
        {
            return new TransactionResult(CoordinationError.SessionExpired, s_noResults, s_noEvents);
        }

        foreach (var path in new List<string>(session.Ephemerals)) change.Apply(new DeleteOp(path, CoordinationOp.AnyVersion));
        _sessions.Remove(sessionId);
        return new TransactionResult(CoordinationError.Ok, s_noResults, change.Events);
    }
}
