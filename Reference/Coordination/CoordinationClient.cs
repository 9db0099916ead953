using System;
using System.Collections.Generic;
using Reference.Coordination.Client;
using Reference.Coordination.Jute;
using Simulator.Platform;

namespace Reference.Coordination;

/// <summary>
/// A client of the coordination store, the embedded one or Apache ZooKeeper 3.4 and later, and its one session. Requests wait
/// while it reconnects; those cut off by a lost connection fail with ConnectionLoss and an unknown outcome. Watches fire once,
/// on the loop, and survive reconnects but not the session. Everything runs on the node's loop.
/// </summary>
public sealed class CoordinationClient
{
    private readonly Node _node;
    private readonly CoordinationClientOptions _options;
    private readonly ConnectString _connect;
    private readonly ClientWatches _watches = new();
    private readonly SessionTransport _transport;

    /// <summary>A client not yet started.</summary>
    /// <exception cref="FormatException">The connect string is malformed.</exception>
    public CoordinationClient(Node node, CoordinationClientOptions options)
    {
        _node = node;
        _options = options;
        _connect = ConnectString.Parse(options.ConnectString);
        _transport = new SessionTransport(node, options, _connect, _watches, OnEvent)
        {
            Connected = () => Connected?.Invoke(),
            Disconnected = () => Disconnected?.Invoke(),
            Expired = () => Expired?.Invoke(),
        };
    }

    /// <summary>Connected, at first or again.</summary>
    public event Action? Connected;

    /// <summary>The connection was lost; the session may go on, and the client looks for a server.</summary>
    public event Action? Disconnected;

    /// <summary>The session is over: ephemeral znodes and watches are gone. See <see cref="Renew"/>.</summary>
    public event Action? Expired;

    /// <summary>The session's id; 0 before the first connection.</summary>
    public long SessionId => _transport.SessionId;

    /// <summary>The session timeout granted by the server.</summary>
    public TimeSpan SessionTimeout => _transport.SessionTimeout;

    /// <summary>Where the session stands.</summary>
    public CoordinationState State => _transport.State;

    /// <summary>Opens a session and waits until it stands.</summary>
    /// <exception cref="CoordinationException">ConnectionLoss: no server in time; the client is then closed.</exception>
    public async LoopTask Start()
    {
        _transport.Start();
        if (await _transport.WaitForConnection(_options.StartTimeout)) return;
        await _transport.Close();
        throw new CoordinationException(
            CoordinationError.ConnectionLoss,
            $"No coordination server of '{_options.ConnectString}' took a session within {_options.StartTimeout.TotalSeconds:0.###} s.");
    }

    /// <summary>Watchers set and not yet told, over all paths.</summary>
    public int WatcherCount => _watches.Count;

    /// <summary>A new client, not yet started, with the same options: the way on after <see cref="Expired"/>.</summary>
    public CoordinationClient Renew() => new(_node, _options);

    /// <summary>Ends the session, so that its ephemeral znodes go at once.</summary>
    public LoopTask Close() => _transport.Close();

    /// <summary>Creates a znode and gives its path, with its number if it is sequential.</summary>
    /// <exception cref="CoordinationException">NodeExists, NoNode (no parent), NoChildrenForEphemerals, ConnectionLoss, SessionExpired.</exception>
    public async LoopTask<string> Create(string path, byte[] data, CreateMode mode = CreateMode.Persistent) =>
        _connect.ToClient(await Change(new CreateOp(Full(path), data, mode), Replies.Path));

    /// <summary>Makes the client's root, the path behind the servers in the connect string, and its parents, unless they exist.</summary>
    /// <exception cref="CoordinationException">ConnectionLoss, SessionExpired.</exception>
    public async LoopTask EnsureRoot()
    {
        for (var end = 0; end < _connect.Chroot.Length;)
        {
            end = _connect.Chroot.IndexOf('/', end + 1) is > 0 and var next ? next : _connect.Chroot.Length;
            try
            {
                await Change(new CreateOp(_connect.Chroot[..end], [], CreateMode.Persistent), Replies.Path);
            }
            catch (CoordinationException e) when (e.Error == CoordinationError.NodeExists)
            {
                // Somebody else's, or made by an attempt whose reply was lost.
            }
        }
    }

    /// <summary>Deletes a znode.</summary>
    /// <exception cref="CoordinationException">NoNode, BadVersion, NotEmpty, ConnectionLoss, SessionExpired.</exception>
    public LoopTask Delete(string path, int expectedVersion = CoordinationOp.AnyVersion) =>
        Change(new DeleteOp(Full(path), expectedVersion), Replies.Nothing).AsVoid();

    /// <summary>Sets a znode's data.</summary>
    /// <exception cref="CoordinationException">NoNode, BadVersion, ConnectionLoss, SessionExpired.</exception>
    public LoopTask<ZnodeStat> SetData(string path, byte[] data, int expectedVersion = CoordinationOp.AnyVersion) =>
        Change(new SetDataOp(Full(path), data, expectedVersion), Records.ReadStat);

    /// <summary>A znode's stat, or null if it is not there. The watcher hears when it is created, deleted or set.</summary>
    /// <exception cref="CoordinationException">ConnectionLoss, SessionExpired.</exception>
    public async LoopTask<ZnodeStat?> Exists(string path, Action<WatchEvent>? watcher = null)
    {
        var full = Full(path);
        try
        {
            var stat = await Ask(OpCode.Exists, full, watcher is not null, Records.ReadStat);
            if (watcher is not null) _watches.WatchData(full, watcher);
            return stat;
        }
        catch (CoordinationException e) when (e.Error == CoordinationError.NoNode)
        {
            if (watcher is not null) _watches.WatchExistence(full, watcher);
            return null;
        }
    }

    /// <summary>A znode's data and stat. The watcher hears when it is set or deleted.</summary>
    /// <exception cref="CoordinationException">NoNode, ConnectionLoss, SessionExpired.</exception>
    public async LoopTask<ZnodeData> GetData(string path, Action<WatchEvent>? watcher = null)
    {
        var full = Full(path);
        var data = await Ask(OpCode.GetData, full, watcher is not null, Replies.Data);
        if (watcher is not null) _watches.WatchData(full, watcher);
        return data;
    }

    /// <summary>The names of a znode's children, in ordinal order, and its stat. The watcher hears when a child comes or goes, or the znode itself goes.</summary>
    /// <exception cref="CoordinationException">NoNode, ConnectionLoss, SessionExpired.</exception>
    public async LoopTask<ZnodeChildren> GetChildren(string path, Action<WatchEvent>? watcher = null)
    {
        var full = Full(path);
        var children = await Ask(OpCode.GetChildren2, full, watcher is not null, Replies.Children);
        if (watcher is not null) _watches.WatchChildren(full, watcher);
        return children;
    }

    /// <summary>Carries out all operations or none, and gives a result for each.</summary>
    /// <exception cref="CoordinationException">The error of the first operation that failed, with its index; ConnectionLoss, SessionExpired.</exception>
    public async LoopTask<IReadOnlyList<OpResult>> Multi(IReadOnlyList<CoordinationOp> ops)
    {
        var full = new List<CoordinationOp>(ops.Count);
        foreach (var op in ops) full.Add(op with { Path = Full(op.Path) });
        var results = await _transport.Exchange(OpCode.Multi, writer => MultiCodec.WriteRequest(writer, full), (ref reader) => MultiCodec.ReadResponse(ref reader, full.Count));
        for (var i = 0; i < results.Count; i++)
        {
            var result = results[i];
            if (result.Error is not (CoordinationError.Ok or CoordinationError.RuntimeInconsistency))
            {
                throw new CoordinationException(result.Error, $"Operation {i} of a multi, on {ops[i].Path}, failed: {result.Error}.") { FailedOperation = i };
            }

            if (result.Path is { } path) results[i] = result with { Path = _connect.ToClient(path) };
        }

        return results;
    }

    /// <summary>Waits until the server has applied everything committed before: what is read afterwards is not older than this call.</summary>
    /// <exception cref="CoordinationException">ConnectionLoss, SessionExpired.</exception>
    public LoopTask Sync(string path) => _transport.Exchange(OpCode.Sync, writer => writer.WriteString(Full(path)), Replies.Nothing).AsVoid();

    private LoopTask<T> Change<T>(CoordinationOp op, ReplyReader<T> read) =>
        _transport.Exchange(OpCodec.CodeOf(op), writer => OpCodec.Write(writer, op), read);

    private LoopTask<T> Ask<T>(OpCode code, string full, bool watch, ReplyReader<T> read) => _transport.Exchange(code, writer =>
    {
        writer.WriteString(full);
        writer.WriteBool(watch);
    }, read);

    private void OnEvent(WatchEvent watchEvent)
    {
        var shown = watchEvent with { Path = _connect.ToClient(watchEvent.Path) };
        foreach (var watcher in _watches.Take(watchEvent)) watcher(shown);
    }

    private string Full(string path) => _connect.ToServer(path);
}
