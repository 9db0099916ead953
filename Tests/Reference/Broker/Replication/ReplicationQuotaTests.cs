using System;
using Reference.Broker.Replication;
using Simulator.Platform;
using Tests.Reference.Broker.Storage;
using Xunit;

namespace Tests.Reference.Broker.Replication;

/// <summary>The sliding rate of throttled replication, and the lists that say whom it concerns (KIP-73).</summary>
public class ReplicationQuotaTests
{
    [Fact]
    public void A_burst_exceeds_the_quota_until_enough_silence_has_passed() => new StorageBox().Run(async node =>
    {
        var quota = new ReplicationQuota(node.Clock, bytesPerSecond: 100, windows: 10, windowMs: 1000);
        Assert.Equal((0.0, false), (quota.Rate, quota.IsExceeded));
        quota.Record(500);
        Assert.True(quota.IsExceeded);
        await node.Clock.Delay(TimeSpan.FromMilliseconds(4900));
        Assert.True(quota.IsExceeded);
        await node.Clock.Delay(TimeSpan.FromMilliseconds(200));
        Assert.False(quota.IsExceeded);
        Assert.InRange(quota.Rate, 90, 100);
        await node.Clock.Delay(TimeSpan.FromSeconds(5));
        Assert.Equal(0, quota.Rate); // no window is left
    });

    [Fact]
    public void Taking_whenever_it_is_allowed_takes_about_the_quota() => new StorageBox().Run(async node =>
    {
        var quota = new ReplicationQuota(node.Clock, bytesPerSecond: 10_000, windows: 11, windowMs: 1000);
        var taken = 0;
        for (var i = 0; i < 600; i++)
        {
            if (!quota.IsExceeded)
            {
                quota.Record(4_000);
                taken += 4_000;
            }

            await node.Clock.Delay(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(taken / 60.0, 9_000, 12_000);
    });

    [Fact]
    public void The_largest_rate_is_none_at_all() => new StorageBox().Run(node =>
    {
        var quota = new ReplicationQuota(node.Clock, long.MaxValue, windows: 2, windowMs: 10);
        quota.Record(long.MaxValue / 2);
        Assert.False(quota.IsExceeded);
        return LoopTask.Completed;
    });

    [Theory]
    [InlineData("", 0, 1, false)]
    [InlineData("*", 7, 9, true)]
    [InlineData("0:1,2:3", 0, 1, true)]
    [InlineData("0:1, 2:3", 2, 3, true)]
    [InlineData("0:1,2:3", 0, 3, false)]
    public void A_list_names_partitions_and_brokers(string text, int partition, int broker, bool contained) =>
        Assert.Equal(contained, ThrottledReplicas.Parse(text)!.Contains(partition, broker));

    [Theory]
    [InlineData("0")]
    [InlineData("0:")]
    [InlineData(":1")]
    [InlineData("0:1,")]
    [InlineData("*,0:1")]
    [InlineData("a:b")]
    [InlineData("-1:0")]
    [InlineData("0:1:2")]
    public void Anything_else_is_refused(string text) => Assert.Null(ThrottledReplicas.Parse(text));
}
