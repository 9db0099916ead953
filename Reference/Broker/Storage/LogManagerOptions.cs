using System;
using Reference.Broker.Storage.Cleaning;

namespace Reference.Broker.Storage;

/// <summary>How often the log manager looks after its logs.</summary>
public sealed record LogManagerOptions
{
    /// <summary><c>log.retention.check.interval.ms</c>.</summary>
    public TimeSpan RetentionCheckInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>log.flush.scheduler.interval.ms</c>: how often <c>flush.ms</c> is looked at.</summary>
    public TimeSpan FlushCheckInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary><c>log.flush.offset.checkpoint.interval.ms</c>.</summary>
    public TimeSpan RecoveryPointCheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>log.flush.start.offset.checkpoint.interval.ms</c>.</summary>
    public TimeSpan LogStartCheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How logs are compacted.</summary>
    public LogCleanerOptions Cleaner { get; init; } = new();

    /// <summary><c>replica.high.watermark.checkpoint.interval.ms</c>.</summary>
    public TimeSpan HighWatermarkCheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);
}
