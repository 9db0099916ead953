namespace Reference.Broker.Znodes;

/// <summary>Whose an ephemeral znode is that stood in the way of creating one's own.</summary>
public enum EphemeralOwner
{
    /// <summary>Of the present session: the create had been carried out, only its reply was lost.</summary>
    Own,

    /// <summary>Of a session that this process had before: the store has not yet taken it away; it will vanish on its own.</summary>
    OwnPast,

    /// <summary>Of somebody else.</summary>
    Foreign,
}

/// <summary>
/// Decides what a NodeExists means. Taking it for success is the bug of KAFKA-1387 and KAFKA-7165: the znode of a past session
/// disappears a little later, and the broker with it.
/// </summary>
public static class EphemeralOwnership
{
    /// <summary>Whose the znode is.</summary>
    /// <param name="owner">The znode's session.</param>
    /// <param name="session">The present session.</param>
    /// <param name="pastSession">The session before, or 0.</param>
    public static EphemeralOwner Of(long owner, long session, long pastSession) =>
        owner == session ? EphemeralOwner.Own
        : owner != 0 && owner == pastSession ? EphemeralOwner.OwnPast
        : EphemeralOwner.Foreign;
}
