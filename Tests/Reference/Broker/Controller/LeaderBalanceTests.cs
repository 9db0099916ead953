using System;
using System.Linq;
using Reference.Broker;
using Reference.Broker.Controller;
using Xunit;

namespace Tests.Reference.Broker.Controller;

/// <summary>
/// Leadership returns to preferred replicas by itself: leader.imbalance.check.interval.seconds after the last look, where more than
/// leader.imbalance.per.broker.percentage of the partitions that prefer a broker are led by others, unless auto.leader.rebalance.enable forbids it.
/// </summary>
public sealed class LeaderBalanceTests
{
    // Four partitions prefer broker 2; this one is led by broker 3: an imbalance of 25 percent.
    private static readonly TopicPartition s_strayed = new("orders", 0);
    private const int Imbalance = 25;

    // The controller looks five seconds after its broker's start, before anything has strayed, and then at this interval.
    private const int Interval = 90;
    private const int FirstLook = 5;

    [Fact]
    public void A_broker_that_died_and_returned_leads_again_after_the_interval()
    {
        var cluster = new ControllerCluster(3);
        var begin = Stray(cluster, new ControllerConfig { LeaderImbalanceCheckInterval = TimeSpan.FromSeconds(Interval), LeaderImbalancePerBrokerPercentage = Imbalance - 1 });
        var before = cluster.State(s_strayed)!;
        RunUntil(cluster, begin + FirstLook + Interval - 2);
        Assert.Equal(before, cluster.State(s_strayed));
        RunUntil(cluster, begin + FirstLook + Interval + 3);
        var after = cluster.State(s_strayed)!;
        Assert.Equal((2, before.LeaderEpoch + 1), (after.Leader, after.LeaderEpoch));
        Assert.Equal(before.Isr.Order(), after.Isr.Order());
        Assert.All(new[] { 1, 2 }, replica => Assert.Equal((2, after.LeaderEpoch), (cluster.Brokers[replica].Told[s_strayed].Leader, cluster.Brokers[replica].Told[s_strayed].LeaderEpoch)));
    }

    [Theory]
    [InlineData(true, Imbalance)]
    [InlineData(true, 100)]
    [InlineData(false, 0)]
    public void An_imbalance_that_is_not_above_the_percentage_and_one_that_is_not_to_be_mended_stay(bool enabled, int percentage)
    {
        var cluster = new ControllerCluster(3);
        var config = new ControllerConfig { AutoLeaderRebalance = enabled, LeaderImbalanceCheckInterval = TimeSpan.FromSeconds(Interval), LeaderImbalancePerBrokerPercentage = percentage };
        var begin = Stray(cluster, config);
        var before = cluster.State(s_strayed)!;
        RunUntil(cluster, begin + FirstLook + (3 * Interval));
        Assert.Equal(before, cluster.State(s_strayed));
    }

    [Fact]
    public void A_preferred_replica_that_is_not_in_sync_does_not_get_the_lead()
    {
        var cluster = new ControllerCluster(3);
        var config = new ControllerConfig { LeaderImbalanceCheckInterval = TimeSpan.FromSeconds(Interval), LeaderImbalancePerBrokerPercentage = 0 };
        var begin = Stray(cluster, config, joins: false);
        var before = cluster.State(s_strayed)!;
        RunUntil(cluster, begin + FirstLook + (3 * Interval));
        Assert.Equal(before, cluster.State(s_strayed));
    }

    /// <summary>Starts the cluster and lets a leader die and come back; gives the second in which the controller's broker started.</summary>
    private static double Stray(ControllerCluster cluster, ControllerConfig config, bool joins = true)
    {
        var begin = Now(cluster);
        foreach (var broker in cluster.Brokers) broker.Config = config;
        cluster.StartAll();
        cluster.RunFor(FirstLook + 2);
        cluster.CreateTopic(s_strayed.Topic, [2, 3]);
        cluster.Brokers[1].Machine.Crash();
        cluster.Until(() => cluster.State(s_strayed) is { Leader: 3 }, "broker 3 leads");
        cluster.Brokers[1].Machine.Restart();
        cluster.Until(() => cluster.Brokers[1].Told.ContainsKey(s_strayed), "broker 2 is back and told");
        cluster.CreateTopic("others", [2, 3], [2, 3], [2, 3]);
        Assert.All(Enumerable.Range(0, 3), partition => Assert.Equal(2, cluster.State(new TopicPartition("others", partition))!.Leader));
        if (joins)
        {
            cluster.Join(s_strayed, 2);
            cluster.Ask(async z =>
            {
                await z.PropagateIsrChanges([s_strayed]);
                return true;
            });
            cluster.Until(() => cluster.Controller.Controller.Leadership[s_strayed].Isr.Contains(2), "the controller knows that broker 2 is in sync");
        }

        Assert.Equal(3, cluster.State(s_strayed)!.Leader);
        Assert.True(Now(cluster) - begin < Interval, "The stage was not set before the look that counts.");
        return begin;
    }

    private static void RunUntil(ControllerCluster cluster, double second) => cluster.RunFor(second - Now(cluster));

    private static double Now(ControllerCluster cluster) => cluster.World.NowMicros / 1_000_000.0;
}
