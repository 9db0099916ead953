using System;
using System.Collections.Generic;

namespace Reference.Coordination.Tree;

/// <summary>A node of the tree.</summary>
internal sealed class Znode
{
    public required byte[] Data { get; set; }

    public required long Czxid { get; init; }

    public required long Ctime { get; init; }

    public required long EphemeralOwner { get; init; }

    public long Mzxid { get; set; }

    public long Mtime { get; set; }

    public long Pzxid { get; set; }

    public int Version { get; set; }

    public int Aversion { get; set; }

    /// <summary>Children ever created: numbers the sequential ones.</summary>
    public int ChildrenCreated { get; set; }

    public SortedSet<string> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>The protocol's cversion counts deletions too; they follow from how many of the created ones are left.</summary>
    public ZnodeStat Stat => new(
        Czxid,
        Mzxid,
        Ctime,
        Mtime,
        Version,
        unchecked((ChildrenCreated * 2) - Children.Count),
        Aversion,
        EphemeralOwner,
        Data.Length,
        Children.Count,
        Pzxid);
}

/// <summary>A session and the ephemeral znodes that go with it.</summary>
internal sealed class SessionEntry(int timeoutMillis, byte[] password)
{
    public int TimeoutMillis { get; } = timeoutMillis;

    public byte[] Password { get; } = password;

    public SortedSet<string> Ephemerals { get; } = new(StringComparer.Ordinal);
}
