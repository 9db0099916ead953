using System.Collections.Generic;

namespace Reference.Coordination;

/// <summary>A change of the store, alone or as part of a multi.</summary>
public abstract record CoordinationOp(string Path)
{
    /// <summary>As an expected version: any.</summary>
    public const int AnyVersion = -1;

    /// <summary>Creates a znode.</summary>
    public static CoordinationOp Create(string path, byte[] data, CreateMode mode = CreateMode.Persistent) => new CreateOp(path, data, mode);

    /// <summary>Deletes a znode without children.</summary>
    public static CoordinationOp Delete(string path, int expectedVersion = AnyVersion) => new DeleteOp(path, expectedVersion);

    /// <summary>Sets a znode's data.</summary>
    public static CoordinationOp SetData(string path, byte[] data, int expectedVersion = AnyVersion) => new SetDataOp(path, data, expectedVersion);

    /// <summary>Only demands that a znode exists in a version; for multi.</summary>
    public static CoordinationOp Check(string path, int expectedVersion = AnyVersion) => new CheckOp(path, expectedVersion);
}

/// <summary>Creates a znode.</summary>
public sealed record CreateOp(string Path, byte[] Data, CreateMode Mode) : CoordinationOp(Path);

/// <summary>Deletes a znode without children.</summary>
public sealed record DeleteOp(string Path, int ExpectedVersion) : CoordinationOp(Path);

/// <summary>Sets a znode's data.</summary>
public sealed record SetDataOp(string Path, byte[] Data, int ExpectedVersion) : CoordinationOp(Path);

/// <summary>Demands that a znode exists in a version.</summary>
public sealed record CheckOp(string Path, int ExpectedVersion) : CoordinationOp(Path);

/// <summary>Sets the access control list; the only one kept is world:anyone, so that only the version changes.</summary>
public sealed record SetAclOp(string Path, int ExpectedVersion) : CoordinationOp(Path);

/// <summary>What one change gave.</summary>
/// <param name="Error">Ok, or why nothing was changed.</param>
/// <param name="Path">Of a create: the path with its number.</param>
/// <param name="Stat">Of a create, a set: the znode afterwards.</param>
public readonly record struct OpResult(CoordinationError Error, string? Path = null, ZnodeStat? Stat = null);

/// <summary>Data and stat of a znode.</summary>
public readonly record struct ZnodeData(byte[] Data, ZnodeStat Stat);

/// <summary>Children's names, in ordinal order, and stat of a znode.</summary>
public readonly record struct ZnodeChildren(IReadOnlyList<string> Names, ZnodeStat Stat);
