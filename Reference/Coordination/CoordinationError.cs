namespace Reference.Coordination;

/// <summary>The result codes of ZooKeeper's client protocol (KeeperException.Code in the programmer's guide).</summary>
public enum CoordinationError
{
    /// <summary>No error.</summary>
    Ok = 0,

    /// <summary>The server failed.</summary>
    SystemError = -1,

    /// <summary>In a failed multi: this operation came after the one that failed.</summary>
    RuntimeInconsistency = -2,

    /// <summary>The server's data contradict themselves.</summary>
    DataInconsistency = -3,

    /// <summary>The connection was lost: the outcome of what was under way is unknown.</summary>
    ConnectionLoss = -4,

    /// <summary>A request or reply could not be read.</summary>
    MarshallingError = -5,

    /// <summary>The server does not know this operation.</summary>
    Unimplemented = -6,

    /// <summary>No reply in time.</summary>
    OperationTimeout = -7,

    /// <summary>A path or argument is malformed.</summary>
    BadArguments = -8,

    /// <summary>There is no such znode, or no parent for a new one.</summary>
    NoNode = -101,

    /// <summary>Not permitted.</summary>
    NoAuth = -102,

    /// <summary>The expected version is not the present one.</summary>
    BadVersion = -103,

    /// <summary>Ephemeral znodes have no children.</summary>
    NoChildrenForEphemerals = -108,

    /// <summary>The znode exists already.</summary>
    NodeExists = -110,

    /// <summary>The znode has children.</summary>
    NotEmpty = -111,

    /// <summary>The session has expired or was closed: its ephemeral znodes are gone.</summary>
    SessionExpired = -112,

    /// <summary>Not an access control list that this server keeps.</summary>
    InvalidAcl = -114,

    /// <summary>Authentication failed.</summary>
    AuthFailed = -115,

    /// <summary>The session goes on over another connection.</summary>
    SessionMoved = -118,
}
