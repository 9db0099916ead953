using System.Linq;
using Reference.Broker.Storage;
using Reference.Broker.Storage.Cleaning;
using Xunit;

namespace Tests.Reference.Broker.Storage.Cleaning;

public class CleaningDecisionTests
{
    private static readonly LogConfig Config = LogConfig.Default with { CleanupPolicy = CleanupPolicies.Compact };

    private static readonly CleaningSegment[] Segments = // timestamps grow with offsets; the last one is active
        [new(0, 10, 100, 8, 0, 90), new(10, 20, 200, 8, 100, 190), new(20, 30, 400, 8, 200, 290), new(30, 35, 50, 0, 300, 340)];

    [Theory]
    [InlineData(null, 0, 35, 0, 30, 0, 700)] // never compacted; the active segment stays out
    [InlineData(20L, 0, 35, 20, 30, 300, 400)]
    [InlineData(30L, 0, 35, 30, 30, 700, 0)]
    [InlineData(20L, 25, 35, 25, 30, 300, 400)] // below the log start: from there
    [InlineData(99L, 5, 35, 5, 30, 0, 700)] // beyond the end: all anew
    [InlineData(0L, 0, 29, 0, 20, 0, 300)] // the segment that holds the high watermark stays out
    [InlineData(20L, 0, 25, 20, 20, 300, 0)]
    public void What_can_be_compacted_lies_between_the_last_compaction_and_what_may_still_be_cut(long? cleaned, long start, long highWatermark, long dirty, long uncleanable, long clean, long cleanable)
    {
        var range = CleaningDecision.RangeOf(new CleaningFacts(Segments, start, highWatermark, cleaned, 1000), Config);
        Assert.Equal(new CleanableRange(dirty, uncleanable, clean, cleanable, false), range);
    }

    [Theory]
    [InlineData(0, 30)]
    [InlineData(700, 30)] // now 1000: the newest record of segment 20 has 290
    [InlineData(720, 20)]
    [InlineData(911, 0)]
    public void A_segment_with_a_record_younger_than_the_least_lag_waits_with_all_after_it(long lag, long uncleanable)
    {
        var range = CleaningDecision.RangeOf(new CleaningFacts(Segments, 0, 35, null, 1000), Config with { MinCompactionLagMillis = lag });
        Assert.Equal(uncleanable, range.FirstUncleanable);
    }

    [Fact]
    public void Without_a_least_lag_a_record_from_the_future_holds_nothing_up()
    {
        CleaningSegment[] segments = [Segments[0], Segments[1] with { LargestTimestamp = 5000 }, .. Segments[2..]];
        var facts = new CleaningFacts(segments, 0, 35, null, 1000);
        Assert.Equal(30, CleaningDecision.RangeOf(facts, Config).FirstUncleanable);
        Assert.Equal(10, CleaningDecision.RangeOf(facts, Config with { MinCompactionLagMillis = 1 }).FirstUncleanable);
    }

    [Theory]
    [InlineData(900, 10L, false)] // the oldest uncompacted record has 100
    [InlineData(899, 10L, true)]
    [InlineData(1, 30L, false)] // nothing waits
    public void A_record_that_has_waited_for_the_greatest_lag_makes_its_log_overdue(long lag, long cleaned, bool overdue)
    {
        var range = CleaningDecision.RangeOf(new CleaningFacts(Segments, 0, 35, cleaned, 1000), Config with { MaxCompactionLagMillis = lag });
        Assert.Equal(overdue, range.IsOverdue);
        Assert.Equal(overdue, range.IsDue(1));
    }

    [Fact]
    public void The_share_of_dirty_bytes_decides()
    {
        var range = new CleanableRange(0, 1, 100, 100, false);
        Assert.Equal((0.5, false, true), (range.DirtyRatio, range.IsDue(0.5), range.IsDue(0.49)));
        Assert.False(new CleanableRange(0, 0, 0, 0, true).IsDue(0));
    }

    [Theory]
    [InlineData(1000, 100, "4")]
    [InlineData(300, 100, "2,1,1")]
    [InlineData(99, 100, "1,1,1,1")] // one that is larger alone stays alone
    [InlineData(1000, 16, "2,2")]
    public void Neighbours_become_one_as_far_as_size_and_index_allow(int bytes, int indexBytes, string expected) =>
        Assert.Equal(expected, string.Join(',', CleaningDecision.Groups(Segments, Config with { SegmentBytes = bytes, SegmentIndexBytes = indexBytes })));

    [Fact]
    public void No_group_spans_more_offsets_than_4_bytes_can_tell()
    {
        CleaningSegment[] far = [new(0, 10, 1, 1, 0, 0), new(10, int.MaxValue + 1L, 1, 1, 0, 0), new(int.MaxValue + 1L, int.MaxValue + 5L, 1, 1, 0, 0)];
        Assert.Equal([2, 1], CleaningDecision.Groups(far, Config).ToArray());
    }
}
