using Reference.Wire;

namespace Reference.Clients.Consuming;

/// <summary>A partition has no position, and <c>auto.offset.reset</c> is none: seek first.</summary>
public sealed class NoOffsetForPartitionException(TopicPartition partition)
    : KafkaException(ErrorCode.OffsetOutOfRange, $"{partition} has no position and auto.offset.reset is none: seek to one.")
{
    /// <summary>The partition.</summary>
    public TopicPartition Partition { get; } = partition;
}

/// <summary>The position lies outside the log, and <c>auto.offset.reset</c> is none.</summary>
public sealed class OffsetOutOfRangeException(TopicPartition partition, long offset)
    : KafkaException(ErrorCode.OffsetOutOfRange, $"The log of {partition} does not hold offset {offset} and auto.offset.reset is none: seek to another one.")
{
    /// <summary>The partition.</summary>
    public TopicPartition Partition { get; } = partition;

    /// <summary>The position that was asked for.</summary>
    public long Offset { get; } = offset;
}

/// <summary>
/// The log was cut below the position after an unclean leader election: records already consumed are no longer in it (KIP-320).
/// </summary>
public sealed class LogTruncationException(TopicPartition partition, long position, long? divergentOffset)
    : KafkaException(
        ErrorCode.OffsetOutOfRange,
        $"The log of {partition} was truncated below the position {position}"
        + (divergentOffset is { } at ? $"; it diverges from what was consumed at offset {at}." : "."))
{
    /// <summary>The partition.</summary>
    public TopicPartition Partition { get; } = partition;

    /// <summary>The position at which the truncation was found.</summary>
    public long Position { get; } = position;

    /// <summary>The first offset that is known to differ from what was consumed, if it is known.</summary>
    public long? DivergentOffset { get; } = divergentOffset;
}
