namespace tools.RealCluster.Faults;

/// <summary>What is done to a broker.</summary>
public enum FaultKind
{
    /// <summary>SIGKILL; started again once the others lead and have acknowledged more.</summary>
    Kill,

    /// <summary>SIGKILL, and started again at once: its last run's session still stands.</summary>
    Bounce,

    /// <summary>SIGSTOP until its session is over and others lead; then it goes on where it was.</summary>
    Freeze,

    /// <summary>SIGSTOP for a moment only.</summary>
    Blink,

    /// <summary>SIGTERM, and started again.</summary>
    Restart,

    /// <summary>A follower is frozen out of the ISR, the leader is killed, the follower goes on.</summary>
    KillBesideFrozen,

    /// <summary>Both followers are frozen, the leader acknowledges more, is killed, the followers go on. Only with acks=1: else nothing is acknowledged.</summary>
    KillAhead,

    /// <summary>Its link is cut until others lead.</summary>
    Cut,

    /// <summary>The link between a leader and a follower is cut, until that follower is out of sync: both keep ZooKeeper and all others.</summary>
    CutBetween,

    /// <summary>Its link is slow for a while.</summary>
    Slow,
}

/// <summary>Which broker is struck, seen from one partition.</summary>
public enum FaultTarget
{
    /// <summary>The partition's leader.</summary>
    Leader,

    /// <summary>One of its followers.</summary>
    Follower,
}

/// <summary>One step of a schedule.</summary>
/// <param name="AfterRecords">It begins when so many more records have been acknowledged.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Target">To whom.</param>
/// <param name="Partition">The partition that says who that is.</param>
public sealed record FaultStep(int AfterRecords, FaultKind Kind, FaultTarget Target, int Partition)
{
    /// <inheritdoc/>
    public override string ToString() => $"after {AfterRecords} records {Kind} the {Target} of partition {Partition}";
}
