using System.Linq;
using Tests.Scenarios.Properties;
using Xunit;

namespace Tests.Scenarios.Observation;

/// <summary>What the observation of a cluster takes over, and when.</summary>
public class ClusterObservationTests
{
    [Fact]
    public void What_stands_in_the_stores_memory_counts_once_it_is_on_its_disk()
    {
        var cluster = new ObservedCluster().Store(1, 5, [1, 2, 3]).Unsynced().Store(2, 6, [2, 3]);
        Assert.Equal((1, 5), (cluster.Partition.Quorum!.Leader, cluster.Partition.Quorum.LeaderEpoch));
        cluster.Synced(now: true);
        Assert.Equal((2, 6), (cluster.Partition.Quorum.Leader, cluster.Partition.Quorum.LeaderEpoch));
        Assert.Equal([2, 3], cluster.Partition.Quorum.Isr);
    }

    [Fact]
    public void Changes_of_the_leader_are_counted_and_not_its_loss()
    {
        var cluster = new ObservedCluster().Store(1, 5, [1, 2]).Store(1, 6, [1]).Store(-1, 7, [1]).Store(2, 8, [2]).Store(1, 9, [1]);
        Assert.Equal(2, cluster.Observation.LeaderChanges);
    }

    [Fact]
    public void A_broker_that_is_down_has_no_running_replica_and_one_that_is_back_has()
    {
        var cluster = new ObservedCluster().Store(1, 5, [1, 2]).Replica(1, 5, leads: true);
        Assert.Equal([true, false, false], cluster.Partition.Replicas.Select(r => r.IsRunning));
        cluster.Fall(1);
        Assert.DoesNotContain(cluster.Partition.Replicas, r => r.IsRunning);
        cluster.Restart(1).Replica(1, 6);
        Assert.Equal((true, false, 6), (cluster.Partition.Replicas[0].IsRunning, cluster.Partition.Replicas[0].PresumesLeadership, cluster.Partition.Replicas[0].LeaderEpoch));
    }

    [Fact]
    public void The_true_high_watermark_is_the_highest_that_a_leader_of_the_stores_epoch_had_and_no_other()
    {
        var cluster = new ObservedCluster().Store(1, 5, [1, 2]).Replica(1, 5, leads: true, highWatermark: 3, logEnd: 3);
        cluster.Replica(2, 4, leads: true, highWatermark: 9, logEnd: 9).Replica(3, 5, highWatermark: 7, logEnd: 7).Replica(1, 5, leads: true, highWatermark: 2, logEnd: 3);
        Assert.Equal(3, cluster.Partition.TrueHighWatermark);
    }

    [Fact]
    public void Looking_again_tells_whether_anything_has_changed()
    {
        var cluster = new ObservedCluster().Store(1, 5, [1, 2]).Replica(1, 5, leads: true);
        Assert.False(cluster.Observation.Refresh(cluster[1].Machine));
        cluster[1].Reading = cluster[1].Reading!.Value with { RecoveryPoint = 1 };
        Assert.True(cluster.Observation.Refresh(cluster[1].Machine));
        Assert.Equal(1, cluster.Partition.Replicas[0].RecoveryPoint);
    }
}
