using System;
using System.Collections.Generic;
using Reference.Coordination.Tree;
using Simulator.Platform;

namespace Reference.Coordination.Server;

/// <summary>The recovered store in service: the tree, what is on its way to the disk, the watches and the life of the sessions.</summary>
internal sealed class Store
{
    private const long SessionIdBase = 0x0100_0000_0000_0000;

    private readonly Node _node;
    private readonly RandomStream _passwords;
    private readonly SessionTracker _tracker;
    private readonly Dictionary<long, SessionConnection> _attached = [];

    public Store(Node node, CoordinationServerOptions options, TransactionLog log, ZnodeTree tree, Action<Exception> onFailure)
    {
        _node = node;
        Options = options;
        Tree = tree;
        Pipeline = new CommitPipeline(node, log, tree, options.SnapshotEvery, onFailure);
        _passwords = node.Random.Stream("coordination.password");
        _tracker = new SessionTracker(node.Clock, CloseSession);
        foreach (var id in tree.SessionIds) _tracker.Track(id, tree.TimeoutOf(id)!.Value);
    }

    public CoordinationServerOptions Options { get; }

    public ZnodeTree Tree { get; }

    public CommitPipeline Pipeline { get; }

    public WatchTable Watches { get; } = new();

    /// <summary>Applies a change, sends it on its way to the disk and fires watches; with an error nothing has changed.</summary>
    public TransactionResult Submit(long sessionId, StoreChange change)
    {
        var transaction = new Transaction(Tree.LastZxid + 1, _node.Clock.WallMillis, sessionId, change);
        var result = Tree.Apply(transaction);
        if (result.Error != CoordinationError.Ok) return result;
        Pipeline.Add(transaction);
        foreach (var watchEvent in result.Events) Watches.Trigger(watchEvent);
        return result;
    }

    /// <summary>Opens a session for a connection. Its id comes from its transaction's number, so none is ever given twice.</summary>
    public (long Id, byte[] Password) OpenSession(int timeoutMillis, SessionConnection connection)
    {
        var id = SessionIdBase | (Tree.LastZxid + 1);
        var password = new byte[Jute.ConnectResponse.PasswordBytes];
        _passwords.Fill(password);
        Submit(id, new OpenSessionChange(timeoutMillis, password));
        _tracker.Track(id, timeoutMillis);
        _attached[id] = connection;
        return (id, password);
    }

    /// <summary>Goes on with an open session over a new connection; the old one is dropped.</summary>
    public void Attach(long sessionId, SessionConnection connection)
    {
        if (_attached.TryGetValue(sessionId, out var old)) old.Drop();
        _attached[sessionId] = connection;
        _tracker.Touch(sessionId);
    }

    /// <summary>A connection is gone; the session lives on until it expires.</summary>
    public void Detach(long sessionId, SessionConnection connection)
    {
        Watches.Remove(connection);
        if (_attached.TryGetValue(sessionId, out var current) && current == connection) _attached.Remove(sessionId);
    }

    public void Touch(long sessionId) => _tracker.Touch(sessionId);

    /// <summary>Ends a session that expired or asked for it. Its connection, if any, is closed after what it has coming.</summary>
    public void CloseSession(long sessionId)
    {
        Submit(sessionId, new CloseSessionChange());
        _tracker.Forget(sessionId);
        if (_attached.Remove(sessionId, out var connection)) connection.CloseAfterOutput();
    }

    /// <summary>Ends all sessions: none of their clients can be alive.</summary>
    public void EndAllSessions()
    {
        foreach (var id in new List<long>(Tree.SessionIds)) CloseSession(id);
    }

    public void Stop() => _tracker.Stop();
}
