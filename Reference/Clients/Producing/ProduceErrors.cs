using Reference.Wire;

namespace Reference.Clients.Producing;

/// <summary>What a producer may conclude from the error code of a partition.</summary>
internal static class ProduceErrors
{
    /// <summary>
    /// True if the leader refused the batch before it appended anything. Any other code leaves open whether the batch is in some
    /// log: the leader may have appended it and then failed to replicate it in time or lost its leadership.
    /// </summary>
    public static bool IsRefusal(ErrorCode code) => code is
        ErrorCode.CorruptMessage
        or ErrorCode.MessageTooLarge
        or ErrorCode.RecordListTooLarge
        or ErrorCode.InvalidTopicException
        or ErrorCode.NotEnoughReplicas
        or ErrorCode.InvalidRequiredAcks
        or ErrorCode.TopicAuthorizationFailed
        or ErrorCode.ClusterAuthorizationFailed
        or ErrorCode.InvalidTimestamp
        or ErrorCode.UnsupportedForMessageFormat
        or ErrorCode.UnsupportedCompressionType
        or ErrorCode.UnsupportedVersion
        or ErrorCode.PolicyViolation
        or ErrorCode.InvalidRequest
        or ErrorCode.InvalidRecord;
}
