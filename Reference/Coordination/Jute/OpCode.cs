namespace Reference.Coordination.Jute;

/// <summary>The request types of ZooKeeper's client protocol that this store knows.</summary>
public enum OpCode
{
    /// <summary>In a multi reply: an operation that failed; at the end of a multi.</summary>
    Error = -1,

    /// <summary>Inside the transaction log only.</summary>
    CreateSession = -10,

    /// <summary>Ends the session.</summary>
    CloseSession = -11,

    Create = 1,
    Delete = 2,
    Exists = 3,
    GetData = 4,
    SetData = 5,
    GetAcl = 6,
    SetAcl = 7,
    GetChildren = 8,
    Sync = 9,
    Ping = 11,
    GetChildren2 = 12,
    Check = 13,
    Multi = 14,
    Create2 = 15,
    Auth = 100,
    SetWatches = 101,
    SetWatches2 = 105,
}

/// <summary>Request ids with a meaning of their own.</summary>
public static class Xid
{
    /// <summary>A watch event.</summary>
    public const int Notification = -1;

    /// <summary>A ping and its reply.</summary>
    public const int Ping = -2;

    /// <summary>An authentication packet.</summary>
    public const int Auth = -4;

    /// <summary>The watches set again after a reconnect.</summary>
    public const int SetWatches = -8;
}
