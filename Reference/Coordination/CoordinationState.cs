namespace Reference.Coordination;

/// <summary>Where a client's session stands. The transitions are declared in <see cref="Client.SessionLifecycle"/>.</summary>
public enum CoordinationState
{
    /// <summary>Made, not started.</summary>
    NotStarted,

    /// <summary>Looking for a server, for a new session or to go on with the present one; requests wait.</summary>
    Connecting,

    /// <summary>Connected: requests are sent.</summary>
    Connected,

    /// <summary>The server has ended the session; ephemeral znodes are gone. Make a new client.</summary>
    Expired,

    /// <summary>Closed by its user.</summary>
    Closed,
}
