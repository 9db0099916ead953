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
}
