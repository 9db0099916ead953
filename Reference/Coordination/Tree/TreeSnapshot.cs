using System;
using System.Collections.Generic;
using Reference.Coordination.Jute;

namespace Reference.Coordination.Tree;

/// <summary>A whole tree as bytes: last zxid, sessions, then znodes with parents before children.</summary>
public static class TreeSnapshot
{
    private const int LeastSessionBytes = 16;
    private const int LeastNodeBytes = 64;

    /// <summary>Writes the tree.</summary>
    public static void Write(JuteWriter writer, ZnodeTree tree)
    {
        writer.WriteLong(tree.LastZxid);
        writer.WriteInt(tree.Sessions.Count);
        foreach (var (id, session) in tree.Sessions)
        {
            writer.WriteLong(id);
            writer.WriteInt(session.TimeoutMillis);
            writer.WriteBuffer(session.Password);
        }

        // In ordinal order a parent's path, being a prefix, comes before its children's.
        var paths = new List<string>(tree.Nodes.Keys);
        paths.Sort(StringComparer.Ordinal);
        writer.WriteInt(paths.Count);
        foreach (var path in paths) WriteNode(writer, path, tree.Nodes[path]);
    }

    /// <summary>Reads a tree.</summary>
    /// <exception cref="JuteException">Malformed.</exception>
    public static ZnodeTree Read(ref JuteReader reader)
    {
        var tree = new ZnodeTree { LastZxid = reader.ReadLong() };
        var sessions = reader.ReadCount(LeastSessionBytes);
        for (var i = 0; i < sessions; i++)
        {
            tree.Restore(reader.ReadLong(), new SessionEntry(reader.ReadInt(), reader.ReadBytes()));
        }

        var nodes = reader.ReadCount(LeastNodeBytes);
        for (var i = 0; i < nodes; i++)
        {
            var path = reader.ReadString();
            tree.Restore(path, ReadNode(ref reader));
        }

        return tree;
    }

    private static void WriteNode(JuteWriter writer, string path, Znode node)
    {
        writer.WriteString(path);
        writer.WriteBuffer(node.Data);
        writer.WriteLong(node.Czxid);
        writer.WriteLong(node.Ctime);
        writer.WriteLong(node.EphemeralOwner);
        writer.WriteLong(node.Mzxid);
        writer.WriteLong(node.Mtime);
        writer.WriteLong(node.Pzxid);
        writer.WriteInt(node.Version);
        writer.WriteInt(node.Aversion);
        writer.WriteInt(node.ChildrenCreated);
    }

    private static Znode ReadNode(ref JuteReader reader) => new()
    {
        Data = reader.ReadBytes(),
        Czxid = reader.ReadLong(),
        Ctime = reader.ReadLong(),
        EphemeralOwner = reader.ReadLong(),
        Mzxid = reader.ReadLong(),
        Mtime = reader.ReadLong(),
        Pzxid = reader.ReadLong(),
        Version = reader.ReadInt(),
        Aversion = reader.ReadInt(),
        ChildrenCreated = reader.ReadInt(),
    };
}
