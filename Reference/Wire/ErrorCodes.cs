namespace Reference.Wire;

/// <summary>What a client may conclude from an error code.</summary>
public static class ErrorCodes
{
    /// <summary>
    /// True when the same request may succeed later, perhaps elsewhere after a metadata refresh. Whether repeating it
    /// can duplicate an effect is another question (an idempotent producer answers it).
    /// </summary>
    public static bool IsRetriable(this ErrorCode code) => code.IsStaleMetadata() || code is
        ErrorCode.CorruptMessage
        or ErrorCode.RequestTimedOut
        or ErrorCode.NetworkException
        or ErrorCode.CoordinatorLoadInProgress
        or ErrorCode.CoordinatorNotAvailable
        or ErrorCode.NotCoordinator
        or ErrorCode.NotEnoughReplicas
        or ErrorCode.NotEnoughReplicasAfterAppend
        or ErrorCode.NotController
        or ErrorCode.ConcurrentTransactions
        or ErrorCode.FetchSessionIdNotFound
        or ErrorCode.InvalidFetchSessionEpoch
        or ErrorCode.FetchSessionTopicIdError
        or ErrorCode.UnknownLeaderEpoch
        or ErrorCode.OffsetNotAvailable
        or ErrorCode.EligibleLeadersNotAvailable
        or ErrorCode.UnstableOffsetCommit
        or ErrorCode.ThrottlingQuotaExceeded;

    /// <summary>True when the sender should refresh its metadata before it tries again.</summary>
    public static bool IsStaleMetadata(this ErrorCode code) => code is
        ErrorCode.UnknownTopicOrPartition
        or ErrorCode.LeaderNotAvailable
        or ErrorCode.NotLeaderOrFollower
        or ErrorCode.ReplicaNotAvailable
        or ErrorCode.KafkaStorageError
        or ErrorCode.ListenerNotFound
        or ErrorCode.FencedLeaderEpoch
        or ErrorCode.PreferredLeaderNotAvailable
        or ErrorCode.UnknownTopicId
        or ErrorCode.InconsistentTopicId;
}
