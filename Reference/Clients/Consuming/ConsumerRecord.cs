using System;
using System.Collections.Generic;
using Reference.Wire;
using Reference.Wire.Records;

namespace Reference.Clients.Consuming;

/// <summary>A record read from a partition.</summary>
/// <param name="Topic">Topic name.</param>
/// <param name="Partition">Partition number.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="TimestampMs">Milliseconds since 1970.</param>
/// <param name="TimestampType">Who set the timestamp.</param>
/// <param name="Key">Key, or null.</param>
/// <param name="Value">Value, or null (a tombstone).</param>
/// <param name="Headers">Headers in their order.</param>
/// <param name="LeaderEpoch">Leader epoch in which it was appended, or -1.</param>
public sealed record ConsumerRecord(
    string Topic,
    int Partition,
    long Offset,
    long TimestampMs,
    TimestampType TimestampType,
    ReadOnlyMemory<byte>? Key,
    ReadOnlyMemory<byte>? Value,
    IReadOnlyList<RecordHeader> Headers,
    int LeaderEpoch)
{
    /// <summary>Where it stands.</summary>
    public TopicPartition TopicPartition => new(Topic, Partition);
}

/// <summary>An offset found by a timestamp.</summary>
/// <param name="Offset">The offset.</param>
/// <param name="TimestampMs">The timestamp of the record there, or -1.</param>
/// <param name="LeaderEpoch">Its leader epoch, or -1.</param>
public readonly record struct OffsetAndTimestamp(long Offset, long TimestampMs, int LeaderEpoch);
