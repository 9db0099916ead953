using System;
using Reference.Wire;

namespace Reference.Broker.Storage;

/// <summary>
/// What governs one log; the broker's defaults are copied per topic with what the topic overrides (<c>with { … }</c>).
/// Names and defaults are those of Kafka 2.5's topic options.
/// </summary>
public sealed record LogConfig
{
    /// <summary>Kafka's defaults.</summary>
    public static LogConfig Default { get; } = new();

    /// <summary><c>segment.bytes</c>: a segment is rolled before it would exceed this many bytes.</summary>
    public int SegmentBytes { get; init; } = 1 << 30;

    /// <summary><c>segment.ms</c>: a segment is rolled once it spans this many milliseconds.</summary>
    public long SegmentMillis { get; init; } = 7L * 24 * 3600 * 1000;

    /// <summary><c>segment.jitter.ms</c>: up to this many milliseconds, drawn for each segment, are taken off its age limit, so that not all roll at once.</summary>
    public long SegmentJitterMillis { get; init; }

    /// <summary><c>preallocate</c>: new segments get their whole size at once; what is unused is cut off when they are closed.</summary>
    public bool Preallocate { get; init; }

    /// <summary><c>segment.index.bytes</c>: bytes of an index; a segment is rolled when one is full.</summary>
    public int SegmentIndexBytes { get; init; } = 10 << 20;

    /// <summary><c>index.interval.bytes</c>: bytes of log between two index entries.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary><c>retention.ms</c>: segments whose newest record is older are deleted; -1: never.</summary>
    public long RetentionMillis { get; init; } = 7L * 24 * 3600 * 1000;

    /// <summary><c>retention.bytes</c>: oldest segments are deleted while the log is larger; -1: never.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary><c>flush.messages</c>: an append that leaves this many records unflushed ends only after an fsync.</summary>
    public long FlushMessages { get; init; } = long.MaxValue;

    /// <summary><c>flush.ms</c>: a log with unflushed records is flushed after this many milliseconds.</summary>
    public long FlushMillis { get; init; } = long.MaxValue;

    /// <summary><c>max.message.bytes</c>: largest batch accepted from a producer, in bytes.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary><c>message.timestamp.type</c>: who sets the timestamps.</summary>
    public TimestampType MessageTimestampType { get; init; } = TimestampType.CreateTime;

    /// <summary><c>message.timestamp.difference.max.ms</c>: how far a producer's timestamp may be from the broker's clock.</summary>
    public long MessageTimestampDifferenceMaxMillis { get; init; } = long.MaxValue;

    /// <summary><c>file.delete.delay.ms</c>: how long files of a deleted segment or partition stay for readers under way.</summary>
    public long FileDeleteDelayMillis { get; init; } = 60_000;

    /// <summary><c>cleanup.policy</c>: what becomes of old segments.</summary>
    public CleanupPolicies CleanupPolicy { get; init; } = CleanupPolicies.Delete;

    /// <summary><c>min.cleanable.dirty.ratio</c>: the share of uncleaned bytes above which a log is compacted, from 0 to 1.</summary>
    public double MinCleanableDirtyRatio { get; init; } = 0.5;

    /// <summary><c>min.compaction.lag.ms</c>: how long a record stays uncompacted at least.</summary>
    public long MinCompactionLagMillis { get; init; }

    /// <summary><c>max.compaction.lag.ms</c>: how long a record may stay uncompacted (KIP-354).</summary>
    public long MaxCompactionLagMillis { get; init; } = long.MaxValue;

    /// <summary><c>delete.retention.ms</c>: how long tombstones stay after they have been compacted first.</summary>
    public long DeleteRetentionMillis { get; init; } = 24L * 3600 * 1000;

    /// <summary>True if the log is compacted.</summary>
    public bool IsCompacted => CleanupPolicy.HasFlag(CleanupPolicies.Compact);

    /// <summary>True if old segments are deleted by time and size.</summary>
    public bool IsDeleted => CleanupPolicy.HasFlag(CleanupPolicies.Delete);

    /// <summary>Age at which a segment rolls: the active one is never compacted, so a compaction lag bounds it too.</summary>
    public long RollMillis => IsCompacted ? Math.Min(SegmentMillis, MaxCompactionLagMillis) : SegmentMillis;
}
