namespace Reference.Coordination;

/// <summary>What the store knows of a znode besides its data.</summary>
/// <param name="Czxid">Transaction that created it.</param>
/// <param name="Mzxid">Transaction that last set its data.</param>
/// <param name="Ctime">Milliseconds since 1970 when it was created.</param>
/// <param name="Mtime">Milliseconds since 1970 when its data were last set.</param>
/// <param name="Version">Number of times its data were set.</param>
/// <param name="Cversion">Number of children created and deleted.</param>
/// <param name="Aversion">Number of times its access control list was set.</param>
/// <param name="EphemeralOwner">Session it goes with; 0 if it is persistent.</param>
/// <param name="DataLength">Bytes of data.</param>
/// <param name="NumChildren">Number of children.</param>
/// <param name="Pzxid">Transaction that last created or deleted a child.</param>
public readonly record struct ZnodeStat(
    long Czxid,
    long Mzxid,
    long Ctime,
    long Mtime,
    int Version,
    int Cversion,
    int Aversion,
    long EphemeralOwner,
    int DataLength,
    int NumChildren,
    long Pzxid);
