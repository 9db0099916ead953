using System;
using System.Globalization;
using System.Linq;
using Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Broker.Storage;

public class DecisionTests
{
    private static readonly LogConfig Small = LogConfig.Default with { SegmentBytes = 1000, SegmentMillis = 100, SegmentIndexBytes = 80 };

    [Theory]
    [InlineData(0, 5000, 999, 99, 99, 5, false)] // an empty segment rolls only
    [InlineData(0, 5000, 999, 99, 99, 1L << 40, true)] // for offsets too far beyond its base
    [InlineData(900, 100, 100, 0, 0, 5, false)]
    [InlineData(901, 100, 100, 0, 0, 5, true)] // size
    [InlineData(900, 100, 101, 0, 0, 5, true)] // age
    [InlineData(900, 100, 0, 9, 0, 5, false)]
    [InlineData(900, 100, 0, 10, 0, 5, true)] // offset index full: 80 bytes / 8
    [InlineData(900, 100, 0, 0, 4, 5, false)]
    [InlineData(900, 100, 0, 0, 5, 5, true)] // time index full but for the sealing entry: 80 / 12 - 1
    [InlineData(900, 100, 0, 0, 0, int.MaxValue, false)]
    [InlineData(900, 100, 0, 0, 0, int.MaxValue + 1L, true)] // 4-byte relative offsets
    public void A_segment_rolls_when_too_large_too_old_or_an_index_is_full(int size, int append, long age, int offsets, int times, long relative, bool rolls) =>
        Assert.Equal(rolls, RollDecision.ShouldRoll(new RollState(size, append, age, offsets, times, relative), Small));

    [Theory]
    [InlineData(1000, 1500, 0, 99999, 500)] // by record timestamps
    [InlineData(-1, 1500, 70, 100, 30)] // by the clock where there are none
    [InlineData(1000, -1, 70, 100, 30)]
    public void Age_counts_between_record_timestamps_where_there_are_any(long first, long appended, long created, long now, long age) =>
        Assert.Equal(age, RollDecision.AgeOf(first, appended, created, now));

    [Theory]
    [InlineData(-1, -1, 0, 30, 0)]
    [InlineData(-1, -1, 10, 30, 1)] // wholly below the log start
    [InlineData(-1, -1, 19, 30, 1)]
    [InlineData(500, -1, 0, 30, 0)] // now 1000: segment 0 has 500, exactly as old as allowed
    [InlineData(499, -1, 0, 30, 1)]
    [InlineData(0, -1, 0, 30, 3)]
    [InlineData(0, -1, 0, 29, 2)] // never above the high watermark
    [InlineData(0, -1, 0, 9, 0)]
    [InlineData(-1, 300, 0, 30, 0)]
    [InlineData(-1, 201, 0, 30, 0)] // a segment goes only if the log stays at least that large
    [InlineData(-1, 200, 0, 30, 1)]
    [InlineData(-1, 0, 0, 30, 3)]
    public void Retention_deletes_the_oldest_by_time_size_and_log_start(long millis, long bytes, long logStart, long highWatermark, int expected)
    {
        SegmentFacts[] segments = [new(0, 10, 100, 500), new(10, 20, 100, 600), new(20, 30, 100, 700)];
        var config = LogConfig.Default with { RetentionMillis = millis, RetentionBytes = bytes };
        Assert.Equal(expected, RetentionDecision.CountToDelete(segments, config, logStart, highWatermark, nowMillis: 1000));
    }

    [Theory]
    [InlineData(CleanupPolicies.Compact, 1)] // by log start alone
    [InlineData(CleanupPolicies.Compact | CleanupPolicies.Delete, 3)]
    public void Time_and_size_count_only_where_the_policy_deletes(CleanupPolicies policy, int expected)
    {
        SegmentFacts[] segments = [new(0, 10, 100, 500), new(10, 20, 100, 600), new(20, 30, 100, 700)];
        var config = LogConfig.Default with { CleanupPolicy = policy, RetentionMillis = 1, RetentionBytes = 0 };
        Assert.Equal(expected, RetentionDecision.CountToDelete(segments, config, logStartOffset: 10, highWatermark: 30, nowMillis: 1000));
    }

    [Theory]
    [InlineData(100, 0, false)]
    [InlineData(99, 2, true)] // drawn to roll two earlier
    [InlineData(98, 2, false)]
    public void Jitter_lets_a_segment_roll_earlier(long age, long jitter, bool rolls) =>
        Assert.Equal(rolls, RollDecision.ShouldRoll(new RollState(1, 1, age, 0, 0, 0, jitter), Small));

    [Fact]
    public void Jitter_is_less_than_the_age_and_a_compaction_lag_bounds_the_age()
    {
        Assert.Equal(100, RollDecision.MaxJitter(Small with { SegmentJitterMillis = 1000 }));
        Assert.Equal(0, RollDecision.MaxJitter(Small));
        var lagging = Small with { MaxCompactionLagMillis = 10 };
        Assert.Equal((100, 10), (lagging.RollMillis, (lagging with { CleanupPolicy = CleanupPolicies.Compact }).RollMillis));
    }

    [Fact]
    public void An_empty_active_segment_is_kept_by_retention() =>
        Assert.Equal(1, RetentionDecision.CountToDelete([new(0, 10, 100, 1), new(10, 10, 0, 1)], LogConfig.Default with { RetentionMillis = 0 }, 10, 10, 1000));

    [Theory]
    [InlineData(-1, -1, -1)]
    [InlineData(0, 0, 5)] // below all known: that epoch, and the start of the first
    [InlineData(2, 2, 10)]
    [InlineData(3, 2, 10)] // unknown between: the largest below it (KIP-279)
    [InlineData(4, 4, 20)]
    [InlineData(7, 7, 33)] // the latest ends at the log's end
    [InlineData(8, -1, -1)] // above all known
    public void The_end_of_an_epoch_is_the_start_of_the_next_larger_one(int asked, int epoch, long end) =>
        Assert.Equal(new EpochEntry(epoch, end), EpochEndOffset.Find([new(2, 5), new(4, 10), new(7, 20)], asked, 33));

    [Fact]
    public void No_epochs_no_answer() => Assert.Equal(EpochEntry.Undefined, EpochEndOffset.Find([], 1, 10));

    [Theory]
    [InlineData(8, 30, "2:5 4:10 7:20 8:30")]
    [InlineData(7, 30, "2:5 4:10 7:20")] // known already
    [InlineData(8, 20, "2:5 4:10 8:20")] // an epoch without records gives way
    [InlineData(8, 8, "2:5 8:8")]
    [InlineData(3, 30, "2:5 3:30")] // an older leader's epoch after all: later ones contradict it
    public void A_new_epoch_drops_what_it_contradicts(int epoch, long start, string expected) =>
        Assert.Equal(expected, Text(EpochEndOffset.Assign([new(2, 5), new(4, 10), new(7, 20)], new EpochEntry(epoch, start))));

    [Theory]
    [InlineData(21, "2:5 4:10 7:20")]
    [InlineData(20, "2:5 4:10")]
    [InlineData(11, "2:5 4:10")]
    [InlineData(5, "")]
    public void Truncation_at_the_end_drops_epochs_that_begin_there_or_later(long end, string expected) =>
        Assert.Equal(expected, Text(EpochEndOffset.TruncateFromEnd([new(2, 5), new(4, 10), new(7, 20)], end)));

    [Theory]
    [InlineData(5, "2:5 4:10 7:20")]
    [InlineData(9, "2:9 4:10 7:20")]
    [InlineData(10, "4:10 7:20")]
    [InlineData(99, "7:99")]
    public void Truncation_at_the_start_keeps_the_epoch_in_force_there(long start, string expected) =>
        Assert.Equal(expected, Text(EpochEndOffset.TruncateFromStart([new(2, 5), new(4, 10), new(7, 20)], start)));

    [Theory]
    [InlineData(6, "4:10-14", "2:5 4:10")] // its first batches are compacted away; 7 began behind what is left
    [InlineData(6, "4:12-14", "2:5 4:12")] // known too low: the batch before ends at 12
    [InlineData(6, "4:6-8", "2:5 4:6")] // known too high
    [InlineData(6, "7:9-25", "2:5 4:10 7:20")] // nothing of 4 is left
    [InlineData(6, "9:9-25", "2:5 4:10 7:20 9:21")]
    [InlineData(6, "9:9-20", "2:5 4:10 9:20")] // 7 had no records
    [InlineData(4, "2:4-6 8:7-9", "2:4 8:7")] // the first known may have been moved up with the log's start
    [InlineData(6, "", "2:5")]
    public void What_was_known_of_epochs_stays_where_no_batch_contradicts_it(long from, string seen, string expected) =>
        Assert.Equal(expected, Text(EpochEndOffset.Reconcile([new(2, 5), new(4, 10), new(7, 20)], from, [.. seen.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Seen)])));

    [Theory]
    [InlineData(100, 200, 300, 100)]
    [InlineData(200, 200, 300, 200)] // what was appended since stays unseen
    [InlineData(250, 200, 300, 200)]
    [InlineData(200, 200, 150, 150)] // truncated meanwhile
    public void A_slice_ends_at_the_size_seen_with_its_bound(int requested, int sizeAtBound, int sizeNow, int end) =>
        Assert.Equal(end, ReadBound.SliceEnd(requested, sizeAtBound, sizeNow));

    [Theory]
    [InlineData("orders", true)]
    [InlineData("a.b_c-D9", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    [InlineData("a/b", false)]
    public void Topic_names_are_ascii_letters_digits_dots_underscores_and_dashes(string name, bool legal) =>
        Assert.Equal(legal, TopicNames.IsValid(name));

    [Fact]
    public void Topic_names_have_at_most_249_characters()
    {
        Assert.True(TopicNames.IsValid(new string('x', 249)));
        Assert.False(TopicNames.IsValid(new string('x', 250)));
        Assert.True(TopicNames.Collide("a.b", "a_b"));
    }

    [Theory]
    [InlineData("orders-0", "orders", 0)]
    [InlineData("a-b-12", "a-b", 12)]
    public void A_directory_name_tells_its_partition(string directory, string topic, int partition)
    {
        var parsed = TopicNames.ParseDirectory(directory)!.Value;
        Assert.Equal((topic, partition), (parsed.Topic, parsed.Partition));
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("-1")]
    [InlineData("orders-x")]
    [InlineData("2026-01")]
    [InlineData("orders-00")]
    [InlineData("orders-0.1234-delete")]
    [InlineData("lost+found")]
    public void Other_directories_are_no_partitions(string directory) => Assert.Null(TopicNames.ParseDirectory(directory));

    /// <summary>"epoch:earliest-first".</summary>
    private static SeenEpoch Seen(string text)
    {
        var numbers = text.Split(':', '-').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return new SeenEpoch(numbers[0], numbers[1], numbers[2]);
    }

    private static string Text(System.Collections.Generic.IEnumerable<EpochEntry> entries) => string.Join(' ', entries.Select(e => $"{e.Epoch}:{e.Offset}"));
}
