using System;
using System.Collections.Generic;
using Reference.Coordination.Jute;
using Reference.Coordination.Tree;

namespace Reference.Coordination.Server;

/// <summary>The requests of one session: reads answered from the tree, changes made into transactions.</summary>
internal sealed class RequestProcessor(Store store, SessionConnection connection)
{
    /// <exception cref="JuteException">The request cannot be read.</exception>
    public void Process(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        var header = RequestHeader.Read(ref reader);
        if (!store.Tree.HasSession(connection.SessionId))
        {
            connection.Reply(header.Xid, CoordinationError.SessionExpired);
            connection.CloseAfterOutput();
            return;
        }

        switch (header.Type)
        {
            case OpCode.Ping:
                connection.Reply(Xid.Ping, CoordinationError.Ok);
                break;
            case OpCode.Auth:
                connection.Reply(Xid.Auth, CoordinationError.Ok); // only world:anyone is kept, so nobody needs to be known
                break;
            case OpCode.Create or OpCode.Create2 or OpCode.Delete or OpCode.SetData or OpCode.SetAcl:
                Change(header, ref reader);
                break;
            case OpCode.Multi:
                Multi(header, ref reader);
                break;
            case OpCode.CloseSession:
                CloseSession(header);
                break;
            default:
                Read(header, ref reader);
                break;
        }
    }

    private void Read(RequestHeader header, ref JuteReader reader)
    {
        switch (header.Type)
        {
            case OpCode.Exists:
                Exists(header, reader.ReadString(), reader.ReadBool());
                break;
            case OpCode.GetData:
                GetData(header, reader.ReadString(), reader.ReadBool());
                break;
            case OpCode.GetChildren or OpCode.GetChildren2:
                GetChildren(header, reader.ReadString(), reader.ReadBool());
                break;
            case OpCode.GetAcl:
                GetAcl(header, reader.ReadString());
                break;
            case OpCode.Sync:
                var path = reader.ReadString();
                connection.Reply(header.Xid, CoordinationError.Ok, writer => writer.WriteString(path));
                break;
            case OpCode.SetWatches:
                SetWatches(header, SetWatchesRequest.Read(ref reader));
                break;
            default:
                connection.Reply(header.Xid, CoordinationError.Unimplemented);
                break;
        }
    }

    private void Exists(RequestHeader header, string path, bool watch)
    {
        if (!Check(header, path)) return;
        if (watch) store.Watches.WatchData(path, connection);
        if (store.Tree.StatOf(path) is { } stat) connection.Reply(header.Xid, CoordinationError.Ok, writer => Records.WriteStat(writer, stat));
        else connection.Reply(header.Xid, CoordinationError.NoNode);
    }

    private void GetData(RequestHeader header, string path, bool watch)
    {
        if (!Check(header, path)) return;
        if (store.Tree.DataOf(path) is not { } node)
        {
            connection.Reply(header.Xid, CoordinationError.NoNode);
            return;
        }

        if (watch) store.Watches.WatchData(path, connection);
        connection.Reply(header.Xid, CoordinationError.Ok, writer =>
        {
            writer.WriteBuffer(node.Data);
            Records.WriteStat(writer, node.Stat);
        });
    }

    private void GetChildren(RequestHeader header, string path, bool watch)
    {
        if (!Check(header, path)) return;
        if (store.Tree.ChildrenOf(path) is not { } children)
        {
            connection.Reply(header.Xid, CoordinationError.NoNode);
            return;
        }

        if (watch) store.Watches.WatchChildren(path, connection);
        connection.Reply(header.Xid, CoordinationError.Ok, writer =>
        {
            writer.WriteStrings(children.Names);
            if (header.Type == OpCode.GetChildren2) Records.WriteStat(writer, children.Stat);
        });
    }

    private void GetAcl(RequestHeader header, string path)
    {
        if (!Check(header, path)) return;
        if (store.Tree.StatOf(path) is not { } stat)
        {
            connection.Reply(header.Xid, CoordinationError.NoNode);
            return;
        }

        connection.Reply(header.Xid, CoordinationError.Ok, writer =>
        {
            Records.WriteOpenAcl(writer);
            Records.WriteStat(writer, stat);
        });
    }

    private void Change(RequestHeader header, ref JuteReader reader)
    {
        var op = OpCodec.Read(ref reader, header.Type, out var refused);
        if (refused != CoordinationError.Ok)
        {
            connection.Reply(header.Xid, refused);
            return;
        }

        var applied = store.Submit(connection.SessionId, new SingleChange(op));
        connection.Reply(header.Xid, applied.Error, writer =>
        {
            var result = applied.Results[0];
            if (op is CreateOp) writer.WriteString(result.Path!);
            if (op is SetDataOp or SetAclOp || header.Type == OpCode.Create2) Records.WriteStat(writer, result.Stat!.Value);
        });
    }

    /// <summary>A failed multi is a success of the request: the errors stand in its body, as in ZooKeeper.</summary>
    private void Multi(RequestHeader header, ref JuteReader reader)
    {
        var codes = new List<OpCode>();
        var ops = MultiCodec.ReadRequest(ref reader, codes, out var refused, out var failed);
        var applied = refused == CoordinationError.Ok
            ? store.Submit(connection.SessionId, new MultiChange(ops))
            : new TransactionResult(refused, ZnodeTree.FailedMulti(ops.Count, failed, refused), []);
        connection.Reply(header.Xid, CoordinationError.Ok, writer =>
            MultiCodec.WriteResponse(writer, codes, applied.Results, applied.Error != CoordinationError.Ok));
    }

    private void CloseSession(RequestHeader header)
    {
        // The reply stands behind the transaction and before the close, which the store adds.
        store.Submit(connection.SessionId, new CloseSessionChange());
        connection.Reply(header.Xid, CoordinationError.Ok);
        store.CloseSession(connection.SessionId);
    }

    /// <summary>Sets the watches of a reconnected client again; those whose change it has missed fire at once.</summary>
    private void SetWatches(RequestHeader header, SetWatchesRequest request)
    {
        foreach (var path in request.Data)
        {
            var stat = store.Tree.StatOf(path);
            if (stat is null) connection.OnEvent(new WatchEvent(WatchEventType.NodeDeleted, path));
            else if (stat.Value.Mzxid > request.RelativeZxid) connection.OnEvent(new WatchEvent(WatchEventType.NodeDataChanged, path));
            else store.Watches.WatchData(path, connection);
        }

        foreach (var path in request.Exist)
        {
            if (store.Tree.Exists(path)) connection.OnEvent(new WatchEvent(WatchEventType.NodeCreated, path));
            else store.Watches.WatchData(path, connection);
        }

        foreach (var path in request.Child)
        {
            var stat = store.Tree.StatOf(path);
            if (stat is null) connection.OnEvent(new WatchEvent(WatchEventType.NodeDeleted, path));
            else if (stat.Value.Pzxid > request.RelativeZxid) connection.OnEvent(new WatchEvent(WatchEventType.NodeChildrenChanged, path));
            else store.Watches.WatchChildren(path, connection);
        }

        connection.Reply(header.Xid, CoordinationError.Ok);
    }

    private bool Check(RequestHeader header, string path)
    {
        if (ZnodePath.IsValid(path)) return true;
        connection.Reply(header.Xid, CoordinationError.BadArguments);
        return false;
    }
}
