using System.Collections.Generic;
using static Reference.Rpc.Configuration.ConfigOption;
using Entry = Reference.Rpc.Configuration.ConfigEntry<Reference.Broker.Configuration.BrokerConfig>;

namespace Reference.Broker.Configuration;

/// <summary>The options of a broker about its logs. Of the same thing in several units the finest wins, as their names sort.</summary>
internal static class BrokerLogOptions
{
    private const long MinuteMs = 60_000;
    private const long HourMs = 60 * MinuteMs;

    public static IEnumerable<Entry> Log() =>
    [
        Entry.Of(Int32("log.segment.bytes", 1 << 30, "Size at which a segment is rolled.", 14), (c, v) => c with { Log = c.Log with { SegmentBytes = v } }),
        Entry.Of(Int64("log.roll.ms", 168 * HourMs, "Age at which a segment is rolled.", 1), (c, v) => c with { Log = c.Log with { SegmentMillis = v } }),
        Entry.Of(Int32("log.roll.hours", 168, "The same in hours.", 1), (c, v) => c with { Log = c.Log with { SegmentMillis = v * HourMs } }),
        Entry.Of(Int64("log.roll.jitter.ms", 0, "Up to how much earlier, drawn for each segment.", 0), (c, v) => c with { Log = c.Log with { SegmentJitterMillis = v } }),
        Entry.Of(Int32("log.roll.jitter.hours", 0, "The same in hours.", 0), (c, v) => c with { Log = c.Log with { SegmentJitterMillis = v * HourMs } }),
        Entry.Of(Int32("log.index.size.max.bytes", 10 << 20, "Size of an index at which its segment is rolled.", 4), (c, v) => c with { Log = c.Log with { SegmentIndexBytes = v } }),
        Entry.Of(Int32("log.index.interval.bytes", 4096, "Bytes of log between two index entries.", 0), (c, v) => c with { Log = c.Log with { IndexIntervalBytes = v } }),
        Entry.Of(Boolean("log.preallocate", false, "Whether new segments get their whole size at once."), (c, v) => c with { Log = c.Log with { Preallocate = v } }),
        Entry.Of(Int64("log.retention.ms", 168 * HourMs, "Age at which segments are deleted; -1: never.", -1), (c, v) => c with { Log = c.Log with { RetentionMillis = v } }),
        Entry.Of(Int32("log.retention.minutes", 168 * 60, "The same in minutes.", -1), (c, v) => c with { Log = c.Log with { RetentionMillis = v < 0 ? -1 : v * MinuteMs } }),
        Entry.Of(Int32("log.retention.hours", 168, "The same in hours.", -1), (c, v) => c with { Log = c.Log with { RetentionMillis = v < 0 ? -1 : v * HourMs } }),
        Entry.Of(Int64("log.retention.bytes", -1, "Size of a log above which old segments are deleted; -1: none.", -1), (c, v) => c with { Log = c.Log with { RetentionBytes = v } }),
        Entry.Of(Int64("log.retention.check.interval.ms", 300_000, "How often that is checked.", 1), (c, v) => c with { LogRetentionCheckIntervalMs = v }),
        Entry.Of(Int64("log.segment.delete.delay.ms", 60_000, "How long the files of deleted segments stay.", 0), (c, v) => c with { Log = c.Log with { FileDeleteDelayMillis = v } }),
        Entry.Of(Int32("message.max.bytes", 1_048_588, "The largest batch accepted.", 0), (c, v) => c with { Log = c.Log with { MaxMessageBytes = v } }),
        Entry.Of(TopicOptions.MessageTimestampType("log.message.timestamp.type"), (c, v) => c with { Log = c.Log with { MessageTimestampType = v } }),
        Entry.Of(Int64("log.message.timestamp.difference.max.ms", long.MaxValue, "How far a producer's timestamp may be from the broker's clock.", 0), (c, v) => c with { Log = c.Log with { MessageTimestampDifferenceMaxMillis = v } }),
    ];

    public static IEnumerable<Entry> Flush() =>
    [
        Entry.Of(Int64("log.flush.interval.messages", long.MaxValue, "Unflushed records after which an append waits for the disk.", 1), (c, v) => c with { Log = c.Log with { FlushMessages = v } }),
        Entry.Of(Int64("log.flush.interval.ms", long.MaxValue, "After how long unflushed records are flushed.", 0), (c, v) => c with { Log = c.Log with { FlushMillis = v } }),
        Entry.Of(Int64("log.flush.scheduler.interval.ms", long.MaxValue, "How often that is checked.", 1), (c, v) => c with { LogFlushSchedulerIntervalMs = v }),
        Entry.Of(Int64("log.flush.offset.checkpoint.interval.ms", 60_000, "How often recovery points are stored.", 1), (c, v) => c with { LogFlushOffsetCheckpointIntervalMs = v }),
        Entry.Of(Int64("log.flush.start.offset.checkpoint.interval.ms", 60_000, "How often the starts of logs are stored.", 1), (c, v) => c with { LogFlushStartOffsetCheckpointIntervalMs = v }),
    ];

    public static IEnumerable<Entry> Cleaner() =>
    [
        Entry.Of(TopicOptions.CleanupPolicy("log.cleanup.policy"), (c, v) => c with { Log = c.Log with { CleanupPolicy = v } }),
        Entry.Of(TopicOptions.Ratio("log.cleaner.min.cleanable.ratio", 0.5, "The share of uncleaned bytes above which a log is compacted."), (c, v) => c with { Log = c.Log with { MinCleanableDirtyRatio = v } }),
        Entry.Of(Int64("log.cleaner.min.compaction.lag.ms", 0, "How long a record stays uncompacted at least.", 0), (c, v) => c with { Log = c.Log with { MinCompactionLagMillis = v } }),
        Entry.Of(Int64("log.cleaner.max.compaction.lag.ms", long.MaxValue, "How long a record may stay uncompacted.", 1), (c, v) => c with { Log = c.Log with { MaxCompactionLagMillis = v } }),
        Entry.Of(Int64("log.cleaner.delete.retention.ms", 24 * HourMs, "How long tombstones stay after their first compaction.", 0), (c, v) => c with { Log = c.Log with { DeleteRetentionMillis = v } }),
        Entry.Of(Boolean("log.cleaner.enable", true, "Whether logs are compacted."), (c, v) => c with { LogCleaner = c.LogCleaner with { Enabled = v } }),
        Entry.Of(Int32("log.cleaner.threads", 1, "Logs compacted at a time.", 1, 100), (c, v) => c with { LogCleaner = c.LogCleaner with { Threads = v } }),
        Entry.Of(Milliseconds("log.cleaner.backoff.ms", 15_000, "The pause when there is nothing to compact."), (c, v) => c with { LogCleaner = c.LogCleaner with { Backoff = v } }),
        Entry.Of(TopicOptions.Positive("log.cleaner.io.max.bytes.per.second", double.MaxValue, "Bytes that the cleaner reads and writes."), (c, v) => c with { LogCleaner = c.LogCleaner with { MaxBytesPerSecond = v } }),
        Entry.Of(Int64("log.cleaner.dedupe.buffer.size", 128L << 20, "Bytes of memory in which the cleaner notes the latest offsets of keys.", 1024), (c, v) => c with { LogCleaner = c.LogCleaner with { DedupeBufferBytes = v } }),
        Entry.Of(Int32("log.cleaner.io.buffer.size", 512 << 10, "Bytes that the cleaner writes at a time.", 0), (c, v) => c with { LogCleaner = c.LogCleaner with { IoBufferBytes = v } }),
        Entry.Of(TopicOptions.Share("log.cleaner.io.buffer.load.factor", 0.9, "The share of the cleaner's memory that is filled."), (c, v) => c with { LogCleaner = c.LogCleaner with { LoadFactor = v } }),
    ];
}
