using Reference.Broker.Replication;
using Reference.Broker.Storage;
using Reference.Wire;
using Xunit;

namespace Tests.Reference.Broker.Replication;

public class ReplicationDecisionsTests
{
    [Theory]
    // The leader has the follower's epoch: cut at the shorter end of it.
    [InlineData(3, 10, 5, 8, 5, 10, 8, true)]
    [InlineData(3, 10, 5, 20, 5, 10, 10, true)]
    // The leader lacks it: cut to the end of the leader's largest earlier epoch here, and ask again.
    [InlineData(3, 10, 4, 8, 3, 6, 6, false)]
    // The leader knows nothing: the high watermark is all that is sure.
    [InlineData(3, 10, -1, -1, -1, -1, 3, true)]
    // The leader does not say which epoch (old versions), or nothing comparable is here: the shorter end.
    [InlineData(3, 10, -1, 7, -1, -1, 7, true)]
    [InlineData(3, 10, 2, 7, -1, -1, 7, true)]
    public void A_follower_is_cut_where_the_logs_part(long hw, long end, int leaderEpoch, long leaderEnd, int localEpoch, long localEnd, long offset, bool agreed) =>
        Assert.Equal(
            new TruncationStep(offset, agreed),
            ReplicationDecisions.TruncateFollower(new TruncationFacts(hw, end, new EpochEntry(leaderEpoch, leaderEnd), new EpochEntry(localEpoch, localEnd))));

    [Theory]
    [InlineData(10, 10, 5, true)]
    [InlineData(9, 10, 5, false)]
    [InlineData(10, 5, 10, true)]
    [InlineData(9, 5, 10, false)]
    public void A_follower_joins_with_all_that_may_be_acknowledged(long fetch, long hw, long epochStart, bool joins) =>
        Assert.Equal(joins, ReplicationDecisions.MayJoinIsr(new IsrCandidate(fetch, hw, epochStart)));

    [Theory]
    [InlineData(-1, 5, ErrorCode.None)]
    [InlineData(5, 5, ErrorCode.None)]
    [InlineData(4, 5, ErrorCode.FencedLeaderEpoch)]
    [InlineData(6, 5, ErrorCode.UnknownLeaderEpoch)]
    public void Leader_epochs_are_fenced(int requested, int current, ErrorCode verdict) =>
        Assert.Equal(verdict, ReplicationDecisions.CheckLeaderEpoch(requested, current));

    [Fact]
    public void The_high_watermark_waits_for_whoever_may_be_in_the_ISR_or_about_to_join()
    {
        Assert.Equal(10, ReplicationDecisions.HighWatermark(10, []));
        Assert.Equal(7, ReplicationDecisions.HighWatermark(10, [new(2, 7, true, true, false), new(3, 1, false, false, false)]));
        Assert.Equal(4, ReplicationDecisions.HighWatermark(10, [new(2, 7, true, true, false), new(3, 4, false, true, false)]));
        Assert.Equal(3, ReplicationDecisions.HighWatermark(10, [new(2, 7, true, true, false), new(3, 3, false, false, true)]));
        Assert.Equal(-1, ReplicationDecisions.HighWatermark(10, [new(2, -1, true, true, false)]));
    }

    [Theory]
    [InlineData(0, 5, 10, OutOfRangeAction.TruncateTo, 5)]
    [InlineData(20, 30, 10, OutOfRangeAction.RestartAt, 20)]
    [InlineData(0, 30, 10, OutOfRangeAction.FetchFrom, 10)]
    [InlineData(10, 10, 10, OutOfRangeAction.FetchFrom, 10)]
    public void An_offset_out_of_range_costs_no_more_than_it_must(long leaderStart, long leaderEnd, long localEnd, OutOfRangeAction action, long offset) =>
        Assert.Equal(new OutOfRangeReaction(action, offset), ReplicationDecisions.ReactToOutOfRange(leaderStart, leaderEnd, localEnd));

    [Theory]
    [InlineData(0, 0, 0, false)]
    [InlineData(0, 0, 5, false)]
    [InlineData(4, 0, 5, false)] // the record at 4 is the leader's too
    [InlineData(5, 0, 5, true)]
    [InlineData(6, 0, 5, true)]
    [InlineData(5, 5, 5, false)] // there is nothing
    public void A_log_that_ends_where_the_leaders_begins_has_nothing_in_common_with_it(long leaderStart, long localStart, long localEnd, bool isAllBelow) =>
        Assert.Equal(isAllBelow, ReplicationDecisions.IsAllBelow(leaderStart, localStart, localEnd));

    [Theory]
    [InlineData(-1, 9, false)]
    [InlineData(9, 9, false)]
    [InlineData(8, 9, true)]
    [InlineData(10, 9, false)]
    public void Orders_to_an_earlier_incarnation_are_stale(long requested, long own, bool stale) =>
        Assert.Equal(stale, ReplicationDecisions.IsStaleBrokerEpoch(requested, own));

    [Fact]
    public void A_follower_that_asks_for_the_former_end_had_caught_up_then()
    {
        var replica = new RemoteReplica(2);
        replica.BeginLeadership(inSync: false, nowMs: 0);
        Assert.False(replica.CaughtUpWithin(long.MaxValue, 0));
        replica.Fetched(fetchOffset: 5, leaderEnd: 8, nowMs: 100);
        Assert.False(replica.CaughtUpWithin(1000, 100));
        replica.Fetched(fetchOffset: 8, leaderEnd: 12, nowMs: 200);
        Assert.True(replica.CaughtUpWithin(100, 200));
        Assert.False(replica.CaughtUpWithin(99, 200));
        replica.Fetched(fetchOffset: 12, leaderEnd: 12, nowMs: 300);
        Assert.True(replica.CaughtUpWithin(0, 300));
    }

    [Fact]
    public void An_ISR_under_change_counts_both_sides()
    {
        var isr = InSyncReplicas.Of([1, 2]);
        Assert.Equal([1, 2], isr.Maximal);
        var growing = isr.Propose([1, 2, 3]);
        Assert.True(growing is { IsChanging: true } && growing.MayContain(3) && !growing.HasCommitted(3));
        Assert.Equal([1, 2], isr.Propose([1]).Maximal);
    }
}
