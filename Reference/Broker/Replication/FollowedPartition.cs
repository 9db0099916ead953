namespace Reference.Broker.Replication;

/// <summary>
/// What a fetcher keeps of a partition it follows in one leader epoch. When the epoch changes a new instance takes its place, so
/// that an answer to a request of before finds itself orphaned (<see cref="IsDropped"/>) and is thrown away.
/// </summary>
internal sealed class FollowedPartition(Partition partition, int leaderEpoch)
{
    public Partition Partition { get; } = partition;

    public int LeaderEpoch { get; } = leaderEpoch;

    /// <summary>True until the log is known to agree with the leader's.</summary>
    public bool IsTruncating { get; set; } = true;

    /// <summary>True once it is known that whatever the log holds the leader holds too: it has the record before the log's end, or the log has given up all it had.</summary>
    public bool IsRooted { get; set; }

    /// <summary>True if it had all that was committed when the leader last answered.</summary>
    public bool HasCaughtUp { get; set; }

    /// <summary>Not asked for before this monotonic millisecond.</summary>
    public long DelayedUntilMs { get; set; }

    /// <summary>True once the fetcher no longer follows it in this epoch.</summary>
    public bool IsDropped { get; set; }

    /// <summary>Still to be followed: nobody dropped it, and its partition has not moved on.</summary>
    public bool IsCurrent => !IsDropped && Partition.Role == ReplicaRole.Follower && Partition.LeaderEpoch == LeaderEpoch;
}
