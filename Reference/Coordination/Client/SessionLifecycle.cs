using Reference.StateMachines;

namespace Reference.Coordination.Client;

/// <summary>What moves a session from state to state.</summary>
public enum SessionTrigger
{
    /// <summary>The user started the client.</summary>
    Start,

    /// <summary>A server took the session.</summary>
    Establish,

    /// <summary>The connection was lost.</summary>
    Lose,

    /// <summary>A server said that the session has expired.</summary>
    Expire,

    /// <summary>The user closed the client.</summary>
    Close,
}

/// <summary>The legal moves of a session.</summary>
public static class SessionLifecycle
{
    /// <summary>A machine in its first state.</summary>
    public static StateMachine<CoordinationState, SessionTrigger> Create()
    {
        var machine = new StateMachine<CoordinationState, SessionTrigger>(CoordinationState.NotStarted);
        machine.Configure(CoordinationState.NotStarted)
            .Permit(SessionTrigger.Start, CoordinationState.Connecting)
            .Permit(SessionTrigger.Close, CoordinationState.Closed);
        machine.Configure(CoordinationState.Connecting)
            .Permit(SessionTrigger.Establish, CoordinationState.Connected)
            .Permit(SessionTrigger.Expire, CoordinationState.Expired)
            .Permit(SessionTrigger.Close, CoordinationState.Closed);
        machine.Configure(CoordinationState.Connected)
            .Permit(SessionTrigger.Lose, CoordinationState.Connecting)
            .Permit(SessionTrigger.Expire, CoordinationState.Expired)
            .Permit(SessionTrigger.Close, CoordinationState.Closed);
        machine.Configure(CoordinationState.Expired)
            .Ignore(SessionTrigger.Expire)
            .Ignore(SessionTrigger.Lose)
            .Permit(SessionTrigger.Close, CoordinationState.Closed);
        machine.Configure(CoordinationState.Closed)
            .Ignore(SessionTrigger.Lose)
            .Ignore(SessionTrigger.Expire)
            .Ignore(SessionTrigger.Close);
        return machine;
    }
}
