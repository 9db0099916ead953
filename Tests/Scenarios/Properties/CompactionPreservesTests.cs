using System;
using Scenarios.Properties;
using Xunit;

namespace Tests.Scenarios.Properties;

/// <summary>What S13 says of small compacted logs: silence, or words that name the broker and the offset.</summary>
public class CompactionPreservesTests
{
    [Theory]
    [InlineData("a1 b1 a2 b2 c1", ". . a2 b2 c1")]
    [InlineData("a1 b1 a2 b2 c1", "a1 . a2 b2 c1")] // more may stay than must
    [InlineData("a1 b1 a- c1", ". b1 a- c1")]
    [InlineData("a1 b1 a- c1", ". b1 . c1")]
    [InlineData("a1 a- a2 c1", ". . a2 c1")]
    [InlineData("a1 a- a2 a- c1", ". . . . c1")]
    public void It_lets_go_what_a_later_record_of_the_key_supersedes_and_tombstones_with_all_before_them(string before, string after) =>
        Assert.Null(Violation(new CompactedLog().Appended(1, before), log => log.Compacted(1, after)));

    [Theory]
    [InlineData("a1 b1 c1", ". b1 c1", "compaction took the record at offset 0 away, the latest of its key")]
    [InlineData("a1 a2 b1 c1", "a1 . b1 c1", "compaction took the record at offset 1 away, the latest of its key")]
    [InlineData("a1 b1 a- c1", "a1 b1 . c1", "compaction took the tombstone at offset 2 away, the latest of its key, but left the record at offset 0 that it deletes")]
    [InlineData("a1 b1 c1", "a1 b2 c1", "compaction changed the record at offset 1")]
    [InlineData("a1 a2 c1", "a2 . c1", "compaction changed the record at offset 0")]
    public void It_flags_a_latest_record_lost_a_deleted_one_left_and_one_changed_or_moved(string before, string after, string words) =>
        Assert.StartsWith($"on broker 1 {words}. t-0: ", Violation(new CompactedLog().Appended(1, before), log => log.Compacted(1, after)), StringComparison.Ordinal);

    [Fact]
    public void It_flags_a_record_that_comes_back()
    {
        var violation = Violation(new CompactedLog().Appended(1, "a1 a2 b1").Compacted(1, ". a2 b1"), log => log.Compacted(1, "a1 a2 b1"));
        Assert.StartsWith("on broker 1 compaction put a record at offset 0, where none was", violation, StringComparison.Ordinal);
    }

    [Fact]
    public void It_flags_what_goes_before_it_is_committed()
    {
        var violation = Violation(new CompactedLog().Appended(1, "a1 b1 b2 a2", uncommitted: 3), log => log.Compacted(1, "a1 . b2 a2"), raises: false);
        Assert.StartsWith("on broker 1 compaction took the record at offset 1 away, but nothing at or above 1 has been committed", violation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2_999, "on broker 1 compaction took the record at offset 0 away after 2999 ms, but min.compaction.lag.ms is 3000")]
    [InlineData(3_000, null)]
    public void It_flags_what_goes_before_its_lag_is_over(long age, string? words) =>
        StartsWith(words, Violation(new CompactedLog(minLag: 3_000).Appended(1, "a1 a2 b1"), log => log.Clock(age).Compacted(1, ". a2 b1")));

    [Theory]
    [InlineData(4_999, "on broker 1 compaction took the tombstone at offset 1 away 4999 ms after its commit, but delete.retention.ms is 5000")]
    [InlineData(5_000, null)]
    public void It_flags_a_tombstone_that_goes_before_its_time(long later, string? words)
    {
        var log = new CompactedLog(deleteRetention: 5_000).Clock(1_000).Appended(1, "a1 a- b1").Compacted(1, ". a- b1");
        StartsWith(words, Violation(log, l => l.Clock(1_000 + later).Compacted(1, ". . b1")));
    }

    [Fact]
    public void It_excuses_a_replica_that_came_too_late_for_a_tombstone_and_no_other()
    {
        var log = new CompactedLog().Appended(1, "a1 a- b1").Appended(2, "a1").Appended(3, "a1 a-").Compacted(1, ". . b1");
        log.Appended(2, "a1 . b1").Appended(3, "a1 a- b1");
        Assert.Null(Violation(log, l => l.Compacted(2, "a1 . b1")));
        StartsWith("on broker 3 compaction took the tombstone at offset 1 away, the latest of its key, but left the record at offset 0", Violation(log, l => l.Compacted(3, "a1 . b1")));
    }

    [Fact]
    public void What_is_below_the_log_start_is_not_looked_at() =>
        Assert.Null(Violation(new CompactedLog().Appended(1, "a1 b1 c1 c2 d1"), log => log.Compacted(1, ". . . c2 d1", start: 3)));

    [Fact]
    public void A_log_is_judged_when_its_segments_are_others_than_before()
    {
        var log = new CompactedLog().Appended(1, "a1 b1 c1");
        var property = new CompactionPreserves([log.Partition]);
        Assert.Null(property.FindViolation());
        log.Compacted(1, ". b1 c1");
        Assert.NotNull(property.FindViolation());
        Assert.Null(property.FindViolation());
    }

    private static void StartsWith(string? words, string? violation)
    {
        if (words is null) Assert.Null(violation);
        else Assert.StartsWith(words, violation, StringComparison.Ordinal);
    }

    private static string? Violation(CompactedLog log, Action<CompactedLog> change, bool raises = true)
    {
        var property = new CompactionPreserves([log.Partition]);
        Assert.Null(property.FindViolation());
        var committed = log.Partition.Committed.End;
        change(log);
        if (raises) Assert.True(log.Partition.Committed.End >= committed);
        return property.FindViolation();
    }
}
