namespace Reference.Broker.Lifecycle;

/// <summary>Where a broker stands between start and stop; Kafka 2.5's names.</summary>
public enum BrokerState
{
    /// <summary>Before the start, and after the stop.</summary>
    NotRunning,

    /// <summary>Connects to the coordination store, finds out who it is, opens its logs.</summary>
    Starting,

    /// <summary>Recovers logs that were not closed in order; requests are not served yet.</summary>
    RecoveringFromUncleanShutdown,

    /// <summary>Registered and serving.</summary>
    RunningAsBroker,

    /// <summary>Asks the controller to move its leaders away; still serves.</summary>
    PendingControlledShutdown,

    /// <summary>Closes connections, loops and logs.</summary>
    BrokerShuttingDown,
}

/// <summary>What moves a broker from state to state.</summary>
public enum BrokerTrigger
{
    /// <summary>Start was called.</summary>
    Start,

    /// <summary>A log directory lacks the marker of an orderly stop.</summary>
    FindUncleanShutdown,

    /// <summary>Everything is up and registered.</summary>
    Serve,

    /// <summary>Stop was called, and leaders are to be moved away first.</summary>
    RequestControlledShutdown,

    /// <summary>Begin to close: leaders were moved, or that was not wanted or possible.</summary>
    ShutDown,

    /// <summary>Everything is closed, or the start has failed.</summary>
    End,
}
